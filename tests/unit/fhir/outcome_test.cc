#include "fhir/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::fhir {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kBase = "https://workgate.example/fhir";

const Finding kExpired{.rule = "ledger/expired",
                       .severity = Severity::error,
                       .type = IssueType::business_rule,
                       .expression = "Procedure.performedPeriod.start",
                       .span = ByteSpan{.begin = 12, .end = 20},
                       .text = "the session lies behind the authorization",
                       .seen = "2026-05-16",
                       .wanted = "a day up to 2026-05-15",
                       .remedy = "obtain an extension",
                       .actor = Actor::front_office,
                       .source = "S0"};

TEST(OutcomeTest, IsAcceptableWithoutErrors) {
  Outcome outcome;
  EXPECT_TRUE(outcome.acceptable());
  outcome.add({.severity = Severity::warning, .text = "doubtful"});
  EXPECT_TRUE(outcome.acceptable());
  outcome.add(kExpired);
  EXPECT_FALSE(outcome.acceptable());
}

TEST(OutcomeTest, WritesEachPartOfAFinding) {
  Outcome outcome;
  outcome.add(kExpired);
  const auto text = to_operation_outcome(outcome, kBase, "line one\nline two");
  const auto document = *JsonDocument::parse(text);
  const Json issue = document.root().get("issue").at(0);
  EXPECT_EQ(issue.get("severity").text(), "error");
  EXPECT_EQ(issue.get("code").text(), "business-rule");
  EXPECT_EQ(issue.find("details.coding.code").text(), "ledger/expired");
  EXPECT_EQ(issue.find("details.coding.system").text(),
            "https://workgate.example/fhir/CodeSystem/rule");
  EXPECT_EQ(issue.find("details.text").text(),
            "the session lies behind the authorization; seen: 2026-05-16; "
            "wanted: a day up to 2026-05-15; to do: obtain an extension; who "
            "acts: front office; source: S0");
  EXPECT_EQ(issue.find("expression").text(), "Procedure.performedPeriod.start");
  const Json place = issue.get("extension").at(0).get("extension");
  EXPECT_EQ(place.at(0).get("valueUnsignedInt").text(), "12");
  EXPECT_EQ(place.at(1).get("valueUnsignedInt").text(), "2");
  EXPECT_EQ(place.at(2).get("valueUnsignedInt").text(), "4");
}

TEST(OutcomeTest, NamesASourceThatIsAUrlByTheOfficialExtension) {
  Outcome outcome;
  outcome.add({.text = "x", .source = "https://example.org/rule"});
  const auto text = to_operation_outcome(outcome, kBase);
  EXPECT_THAT(text, HasSubstr("operationoutcome-authority"));
  EXPECT_THAT(text, Not(HasSubstr("source:")));
}

TEST(OutcomeTest, SaysSoWhenNothingIsWrong) {
  EXPECT_THAT(to_operation_outcome({}, kBase), HasSubstr("informational"));
}

TEST(FhirPathOfTest, NamesTheWayFromTheRoot) {
  const auto document = *JsonDocument::parse(
      R"({"resourceType":"Patient","name":[{"given":["A","B"]}]})");
  const Json given = document.root().find("name").get("given");
  EXPECT_EQ(fhirpath_of(given.at(1)), "Patient.name[0].given[1]");
  EXPECT_EQ(fhirpath_of(document.root()), "Patient");
  EXPECT_EQ(fhirpath_of({}), "");
}

}  // namespace
}  // namespace gateway::fhir
