#include "server/resolution_findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::server {
namespace {

using testing::HasSubstr;
using testing::Not;

// Whatever is said has a place and a remedy.
TEST(ResolutionFindingsTest, NameThePlaceAndTheRemedy) {
  exchange::WriteEntry entry;
  entry.expression = "Bundle.entry[2].resource";
  std::vector<fhir::Finding> all = {
      nothing_to_withdraw(entry), no_such_diagnosis(entry),
      no_such_referral(entry), stays_cancelled(entry),
      already_cancelled(entry)};
  for (const auto& refusal :
       {several_matches(entry), other_content(entry, false),
        other_content(entry, true), other_session(entry)}) {
    all.push_back(refusal.outcome.findings().at(0));
  }
  for (const auto& finding : all) {
    EXPECT_THAT(finding.expression, HasSubstr("entry[2]")) << finding.rule;
    EXPECT_NE(finding.remedy, "") << finding.rule;
  }
}

TEST(ResolutionFindingsTest, SpeakTheLanguageOfTheSender) {
  const auto remedy = [](bool was_mapped) {
    return other_content({}, was_mapped).outcome.findings().at(0).remedy;
  };
  EXPECT_THAT(remedy(false), HasSubstr("PUT"));
  EXPECT_THAT(remedy(true), HasSubstr("ADT^A11"));
  EXPECT_THAT(remedy(true), Not(HasSubstr("PUT")));
}

TEST(ResolutionFindingsTest, TellNoneFromSeveral) {
  exchange::ConditionalReference reference;
  reference.expression = "Bundle.entry[1].resource.basedOn";
  EXPECT_EQ(no_match(reference, false).outcome.findings().at(0).rule,
            "rest/no-match");
  EXPECT_EQ(no_match(reference, true).outcome.findings().at(0).rule,
            "rest/several-matches");
}

}  // namespace
}  // namespace gateway::server
