#include "validate/value_range.h"

#include <gtest/gtest.h>

namespace gateway::validate {
namespace {

TEST(ValueRangeTest, OrdersNumbersDatesAndQuantities) {
  const auto document = parse_shared(
      R"([1.10,1.1,"2026-01","2026-01-15",{"value":1,"code":"kg"},)"
      R"({"value":999,"code":"g"},{"value":1,"code":"m"},"x"])");
  const Json root = (*document)->root();
  EXPECT_TRUE(*compare_values(root.at(0), root.at(1)) == 0);
  EXPECT_TRUE(*compare_values(root.at(2), root.at(3)) == 0);
  EXPECT_TRUE(*compare_values(root.at(4), root.at(5)) > 0);
  EXPECT_FALSE(compare_values(root.at(4), root.at(6)));
  EXPECT_FALSE(compare_values(root.at(7), root.at(0)));
}

TEST(ValueRangeTest, CountsCharactersNotBytes) {
  EXPECT_EQ(code_points("\xC3\xA4"
                        "b"),
            2U);
  EXPECT_EQ(code_points(""), 0U);
}

}  // namespace
}  // namespace gateway::validate
