#include "fhirpath/pattern.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace gateway::fhirpath {
namespace {

TEST(Pattern, IsLinearInTheText) {
  const auto pattern = compiled_pattern("(a+)+$");
  ASSERT_NE(pattern, nullptr);
  EXPECT_FALSE(matches_all_of(*pattern, std::string(50'000, 'a') + "b"));
}

TEST(Pattern, KnowsNamedGroupsAndNeedlessEscapes) {
  EXPECT_NE(compiled_pattern("(?<year>[0-9]{4})"), nullptr);
  EXPECT_NE(compiled_pattern(R"(a\/b\'c)"), nullptr);
  EXPECT_EQ(compiled_pattern("(?<!a)b"), nullptr);
  EXPECT_EQ(compiled_pattern("("), nullptr);
}

TEST(Pattern, ReplacesEveryMatch) {
  const auto pattern = compiled_pattern("(b)|x*");
  EXPECT_EQ(replaced(*pattern, "abc", "<$1>", 100), "<>a<b><>c<>");
  EXPECT_EQ(replaced(*pattern, std::string(100, 'b'), "long", 50),
            std::nullopt);
}

}  // namespace
}  // namespace gateway::fhirpath
