#include "validate/waivers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::validate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kFile = R"(version: 1
waivers:
  - rule: terminology/display
    path: Patient.communication.language.coding.display
    reason: the old EHR sends its own words
    expires: 2026-12-31
  - rule: structure/unknown-element
    path: Patient.contact[1]
    reason: until the next release
    expires: 2026-01-31
)";

const LocalDate kToday = *LocalDate::parse("2026-06-01");

Waivers waivers(const std::string& text = kFile) {
  auto made = Waivers::parse(text, "waivers.yaml");
  EXPECT_TRUE(made.ok()) << made.error().message;
  return *std::move(made);
}

fhir::Outcome outcome(const std::string& rule, const std::string& path) {
  fhir::Outcome made;
  made.add({.rule = rule, .expression = path, .text = "what is wrong"});
  return made;
}

fhir::Finding applied(const Waivers& all, const std::string& rule,
                      const std::string& path) {
  return all.applied(outcome(rule, path), kToday).findings().front();
}

TEST(WaiversTest, MakesInformationOfOneFindingAndNamesItself) {
  const auto all = waivers();
  const auto finding =
      applied(all, "terminology/display",
              "Patient.communication[2].language.coding[0].display");
  EXPECT_EQ(finding.severity, fhir::Severity::information);
  EXPECT_THAT(finding.text, HasSubstr("waived until 2026-12-31"));
  EXPECT_THAT(finding.text, HasSubstr("waivers.yaml:3"));
  EXPECT_THAT(finding.text, HasSubstr("the old EHR sends its own words"));
  EXPECT_THAT(finding.text, HasSubstr("else this error: what is wrong"));
  EXPECT_EQ(finding.rule, "terminology/display");
  EXPECT_EQ(all.uses(0), 1U);
}

TEST(WaiversTest, LeavesOtherFindingsAlone) {
  const auto all = waivers();
  EXPECT_EQ(applied(all, "terminology/unknown-code",
                    "Patient.communication.language.coding.display")
                .severity,
            fhir::Severity::error);
  EXPECT_EQ(
      applied(all, "terminology/display", "Patient.communication").severity,
      fhir::Severity::error);
  EXPECT_EQ(all.uses(0), 0U);
}

TEST(WaiversTest, APositionIsForThatItemOnly) {
  const auto all = waivers();
  const auto until = *LocalDate::parse("2026-01-31");
  const auto second = all.applied(
      outcome("structure/unknown-element", "Patient.contact[1]"), until);
  EXPECT_TRUE(second.acceptable());
  const auto first = all.applied(
      outcome("structure/unknown-element", "Patient.contact[0]"), until);
  EXPECT_FALSE(first.acceptable());
}

TEST(WaiversTest, ReportsWhatIsExpiredAndWhatNothingNeeds) {
  const auto all = waivers();
  EXPECT_EQ(
      applied(all, "structure/unknown-element", "Patient.contact[1]").severity,
      fhir::Severity::error);
  EXPECT_THAT(waiver_report(all, kToday),
              ElementsAre(HasSubstr("waivers.yaml:7:5: the waiver of "
                                    "structure/unknown-element at "
                                    "Patient.contact[1] expired on 2026-01-31"),
                          HasSubstr("waivers.yaml:3:5: nothing needed")));
  applied(all, "terminology/display",
          "Patient.communication.language.coding.display");
  EXPECT_EQ(waiver_report(all, kToday).size(), 1U);
}

TEST(WaiversTest, RefusesWhatIsNoWaiverWithItsPlace) {
  const auto entry = [](const std::string& members) {
    return "version: 1\nwaivers:\n  - {" + members + "}\n";
  };
  const std::pair<std::string, const char*> kCases[] = {
      {"waivers: []", "version"},
      {"version: 1", "list of waivers"},
      {"version: 1\nwaivers: []\nmore: 1", "'more'"},
      {entry("rule: a/b, path: P, reason: r"), "needs its expires"},
      {entry("rule: a/b, path: P, expires: 2026-01-01"), "needs its reason"},
      {entry("path: P, reason: r, expires: 2026-01-01"), "needs its rule"},
      {entry("rule: a/b, reason: r, expires: 2026-01-01"), "needs its path"},
      {entry("rule: a/b, path: P, reason: r, expires: 2026-02-30"), "a day"},
      {entry("rule: a/b, path: P.*, reason: r, expires: 2026-01-01"),
       "without wildcards"},
      {entry("rule: time/no-offset, path: P, reason: r, expires: 2026-01-01"),
       "cannot be waived"},
      {entry("rule: a/b, path: P, reason: r, expires: 2026-01-01, x: 1"),
       "only"},
  };
  for (const auto& [text, wanted] : kCases) {
    const auto made = Waivers::parse(text, "w.yaml");
    ASSERT_FALSE(made.ok()) << text;
    EXPECT_THAT(made.error().message, HasSubstr("w.yaml:")) << text;
    EXPECT_THAT(made.error().message, HasSubstr(wanted)) << text;
  }
  EXPECT_FALSE(Waivers::read("/nowhere/waivers.yaml").ok());
}

TEST(WaiversTest, PathsWithoutPositions) {
  EXPECT_EQ(without_positions("Patient.name[0].given[12]"),
            "Patient.name.given");
  EXPECT_EQ(without_positions("Patient.value.ofType(Period).start"),
            "Patient.value.ofType(Period).start");
}

}  // namespace
}  // namespace gateway::validate
