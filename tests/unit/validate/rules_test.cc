#include "validate/rules.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

// The same data: a warning for those who must work with it, an error for those
// who judge it.
TEST(RulesTest, RigorDecidesAboutWhatHarmsNobody) {
  const std::string kActivity =
      R"({"resourceType":"ActivityDefinition","status":"draft",)"
      R"("library":["Library/1"]})";
  EXPECT_EQ(errors(kActivity), Texts{});
  EXPECT_EQ(errors(kActivity, core(), strict()),
            Texts{"canonical/absolute at ActivityDefinition.library[0]"});
}

}  // namespace
}  // namespace gateway::validate
