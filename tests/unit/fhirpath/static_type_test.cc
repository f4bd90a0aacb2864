#include "fhirpath/static_type.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(StaticTypes, SayWhatOperatorsMake) {
  const Types types(&small_model());
  const auto integer = StaticType::of(ValueKind::integer);
  const auto text = StaticType::of(ValueKind::string);
  StaticType result;
  EXPECT_TRUE(combine_types(types, Operator::plus, integer, integer, result));
  EXPECT_EQ(result.types.front(), system_type(ValueKind::integer));
  EXPECT_TRUE(combine_types(types, Operator::divide, integer, integer, result));
  EXPECT_EQ(result.types.front(), system_type(ValueKind::decimal));
  EXPECT_FALSE(combine_types(types, Operator::plus, integer, text, result));
  EXPECT_FALSE(combine_types(types, Operator::less, integer, text, result));
  EXPECT_TRUE(combine_types(types, Operator::plus, {}, text, result));
}

TEST(StaticTypes, FindElements) {
  const Types types(&small_model());
  ElementTypes element;
  EXPECT_TRUE(element_types(types, types.find("Patient"), "deceased", element));
  EXPECT_EQ(element.choices.size(), 2U);
  EXPECT_FALSE(
      element_types(types, types.find("Patient"), "deceasedBoolean", element));
  EXPECT_EQ(nearest_element(types, types.find("Patient"), "gendre"), "gender");
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace gateway::fhirpath
