#include "program/profile_guide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "episode/codes.h"
#include "folders.h"

namespace gateway::program {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ProfileGuideTest, SaysWhatEachProfileDemands) {
  const auto definitions = fhir::Definitions::open(
      std::string(GATEWAY_BINARY_DIR) + "/workgate.image");
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  const auto text = profiles_markdown(**definitions, episode::kCanonicalBase);
  for (const auto* profile :
       {"wc-referral", "wc-session", "wc-coverage", "wc-authorization"}) {
    EXPECT_THAT(
        text, HasSubstr("/StructureDefinition/" + std::string(profile) + "`"));
  }
  EXPECT_THAT(text, HasSubstr("| `Procedure.basedOn` | 1 |"));
  // Extensions are no resources.
  EXPECT_THAT(text, Not(HasSubstr("/StructureDefinition/timezone`")));
}

}  // namespace
}  // namespace gateway::program
