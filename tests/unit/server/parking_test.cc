#include "server/parking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

constexpr const char* kBundle =
    R"({"resourceType":"Bundle","type":"transaction","entry":[)"
    R"({"resource":{"resourceType":"Patient","identifier":)"
    R"([{"system":"urn:mrn","value":"P1"}]}},)"
    R"({"resource":{"resourceType":"ServiceRequest","identifier":)"
    R"([{"system":"urn:o","value":"R1"},{"value":"X"}]}},)"
    R"({"resource":{"resourceType":"Procedure","basedOn":)"
    R"([{"reference":"ServiceRequest?identifier=urn%3Ao%7CR2"}]}}]})";

const Parked kParked{.base = "https://workgate.example/fhir",
                     .partner = "mercy",
                     .digest = "abc",
                     .event = "REF^I12",
                     .control_id = "R1"};

Hold unmapped() {
  Hold hold{.rows = {{.table = "sex", .code = "X", .place = "PID-8"}},
            .bundle = kBundle};
  hold.findings.add({.rule = "map/unmapped",
                     .severity = fhir::Severity::warning,
                     .type = fhir::IssueType::code_invalid,
                     .expression = "PID-8",
                     .text = "a code is not in the table"});
  return hold;
}

SharedDocument task(const Parked& parked, const Hold& hold) {
  const auto document = parse_shared(
      parking_task(parked, hold,
                   {.id = "t1",
                    .version = 1,
                    .authored = "2026-04-01T10:00:00Z",
                    .now = *parse_instant("2026-04-01T10:00:00Z")}),
      real_validator().definitions().keys());
  EXPECT_TRUE(document.ok());
  return document.ok() ? *document : nullptr;
}

TEST(ParkingTest, TheTaskNamesRuleCodeTableAndPlace) {
  const auto made = task(kParked, unmapped());
  const Json root = made->root();
  EXPECT_EQ(root.get("status").text(), "requested");
  EXPECT_EQ(root.find("owner.identifier.value").text(), "mercy");
  EXPECT_EQ(root.find("code.coding.code").text(), "correct-referral");
  EXPECT_EQ(root.find("reasonCode.coding.code").text(), "map/unmapped");
  EXPECT_EQ(root.find("focus.identifier.value").text(), "R1");
  EXPECT_EQ(root.find("for.identifier.system").text(), "urn:mrn");
  const Json input = root.get("input").first();
  EXPECT_EQ(input.find("type.coding.code").text(), "map/unmapped");
  EXPECT_EQ(input.find("valueCodeableConcept.coding.code").text(), "X");
  EXPECT_EQ(input.find("valueCodeableConcept.coding.system").text(),
            "https://workgate.example/fhir/map-table/sex");
  EXPECT_EQ(input.find("valueCodeableConcept.text").text(), "PID-8");
  EXPECT_TRUE(is_open(root));
}

TEST(ParkingTest, WhatIsOnlyToldIsNothingToWaitFor) {
  auto hold = unmapped();
  hold.findings.add({.rule = "map/first-only",
                     .severity = fhir::Severity::information,
                     .type = fhir::IssueType::informational,
                     .text = "one of two was taken"});
  const auto input = task(kParked, hold)->root().get("input");
  ASSERT_EQ(input.size(), 1U);
  EXPECT_EQ(input.first().find("valueCodeableConcept.coding.code").text(), "X");
}

// Whatever it waits for, it is the Task that our own profile describes.
TEST(ParkingTest, TheTaskIsValid) {
  auto behind = unmapped();
  behind.rows.clear();
  behind.behind = "Task/1";
  auto nothing_known = unmapped();
  nothing_known.rows.clear();
  nothing_known.bundle.clear();
  for (const auto& hold : {unmapped(), behind, nothing_known}) {
    const auto made = task(kParked, hold);
    const auto outcome = real_validator().validate(
        *made,
        {.profiles = {"https://workgate.example/fhir/StructureDefinition/"
                      "wc-correction-task"}});
    for (const auto& finding : outcome.findings()) {
      EXPECT_GT(finding.severity, fhir::Severity::error)
          << finding.rule << " " << finding.expression << " " << finding.text;
    }
  }
}

TEST(ParkingTest, WhatWasDoneIsReviewed) {
  auto parked = kParked;
  const std::pair<const char*, const char*> codes[] = {
      {"ADT^A03", "review-session"},
      {"DFT^P03", "review-session"},
      {"SIU^S12", "review-session"},
      {"ADT^A04", "review-referral"},
      {"ORM^O01", "correct-referral"}};
  for (const auto& [event, code] : codes) {
    parked.event = event;
    EXPECT_EQ(task(parked, unmapped())->root().find("code.coding.code").text(),
              code);
  }
}

TEST(ParkingTest, ItIsWrittenAnewOnlyWhereItSaysSomethingElse) {
  const auto made = task(kParked, unmapped());
  EXPECT_FALSE(says_otherwise(made->root(), kParked, unmapped()));
  auto other = unmapped();
  other.rows[0].code = "Y";
  EXPECT_TRUE(says_otherwise(made->root(), kParked, other));
}

TEST(ParkingTest, ItsEndKeepsWhatItSaid) {
  const auto made = task(kParked, unmapped());
  const auto ended = JsonDocument::parse(
      completed_task(made->root(), 2, *parse_instant("2026-04-02T10:00:00Z")));
  ASSERT_TRUE(ended.ok());
  EXPECT_EQ(ended->root().get("status").text(), "completed");
  EXPECT_EQ(ended->root().find("meta.versionId").text(), "2");
  EXPECT_EQ(ended->root().get("authoredOn").text(), "2026-04-01T10:00:00Z");
  EXPECT_EQ(ended->root().get("input").raw(), made->root().get("input").raw());
  EXPECT_FALSE(is_open(ended->root()));
}

}  // namespace
}  // namespace gateway::server
