#include "fhirpath/value.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Value, KeepsWhatItIsMadeOf) {
  EXPECT_EQ(text_of(Value::of(true)), "true");
  EXPECT_EQ(text_of(Value::of(std::int64_t{-7})), "-7");
  for (const auto* text :
       {"1.10", "-0.001", "0", "-12345678901234567890123456789012345678"}) {
    EXPECT_EQ(text_of(Value::of(*Decimal::parse(text))), text);
  }
  EXPECT_EQ(text_of(Value::of(TemporalKind::time, *parse_time("10:30"))),
            "10:30");
}

TEST(Value, ReadsNodesAsSystemValues) {
  const auto document = *parse_shared(kObservation, small_model().keys());
  const Types types(&small_model());
  Quantity made;
  const auto node = document->root().get("valueQuantity");
  const auto value =
      system_value(Value::node(node, types.find("Quantity")), types, made);
  ASSERT_TRUE(value.is(ValueKind::quantity));
  EXPECT_EQ(text_of(value), "185.0 '[lb_av]'");
  const auto number =
      system_value(Value::node(node.get("value"), kUntyped), types, made);
  EXPECT_TRUE(number.is(ValueKind::decimal));
}

}  // namespace
}  // namespace gateway::fhirpath
