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
  EXPECT_THAT(text, HasSubstr("- `wc-ses-2`: Start and end are times of day"));
  EXPECT_THAT(text, HasSubstr("- `wc-ses-4`, a warning: A session has a"));
  EXPECT_THAT(text,
              HasSubstr("- `wc-cov-1` at `Coverage.identifier:claimNumber`: A"
                        " claim"));
  EXPECT_THAT(text, HasSubstr("- `wc-aut-1`: The first and the last day"));
  EXPECT_THAT(text, Not(HasSubstr("dom-6")));
  // Extensions are no resources.
  EXPECT_THAT(text, Not(HasSubstr("/StructureDefinition/timezone`")));
}

TEST(ProfileGuideTest, SaysWhatHoldsUnderAnyPack) {
  const auto definitions = fhir::Definitions::open(
      std::string(GATEWAY_BINARY_DIR) + "/workgate.image");
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  const auto text = own_rules_markdown(**definitions, episode::kCanonicalBase);
  for (const auto* rule :
       {"session/no-identifier", "coverage/no-claim-number", "billing/no-npi",
        "billing/no-provider", "authorization/no-number", "time/no-offset",
        "billing/place-of-service", "reference/unresolved"}) {
    EXPECT_THAT(text, HasSubstr("| `" + std::string(rule) + "` | "));
  }
  EXPECT_THAT(text, Not(HasSubstr("clinic-work-conditioning/A1")));
  EXPECT_THAT(text, Not(HasSubstr("life-cycle/received")));
}

}  // namespace
}  // namespace gateway::program
