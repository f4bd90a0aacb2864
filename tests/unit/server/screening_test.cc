#include "server/screening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr const char* kPatient =
    R"({"resourceType":"Patient","gender":"female"})";

std::string session(const std::string& start, const std::string& end) {
  return R"({"resourceType":"Procedure","status":"completed",
             "subject":{"reference":"Patient/p"},"performedPeriod":{"start":")" +
         start + R"(","end":")" + end + "\"}}";
}

class ScreeningTest : public testing::Test {
 protected:
  std::optional<exchange::Refusal> screen(
      const Sent& sent, const std::string& partner = "demo-ehr") {
    request_ = gateway_.write_request(sent);
    return screened(gateway_.parts(), ScratchGateway::caller(partner),
                    request_);
  }
  // Those that refuse, as "rule at expression".
  static std::vector<std::string> defects(
      const std::optional<exchange::Refusal>& refusal) {
    std::vector<std::string> all;
    if (!refusal) return all;
    for (const auto& finding : refusal->outcome.findings()) {
      if (finding.severity > fhir::Severity::error) continue;
      all.push_back(finding.rule + " at " + finding.expression);
    }
    return all;
  }

  ScratchGateway gateway_;
  exchange::WriteRequest request_;
};

TEST_F(ScreeningTest, LetsValidResourcesPass) {
  EXPECT_FALSE(screen({.target = "/fhir/Patient", .body = kPatient}));
  EXPECT_FALSE(screen({.target = "/fhir", .body = demo("referral.json")}));
}

struct RoleRow {
  std::string partner;
  std::string target;
  bool passes;
};

TEST_F(ScreeningTest, RolesWriteWhatIsTheirs) {
  const std::string answer =
      R"({"resourceType":"ClaimResponse","status":"active",
          "type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},
          "use":"claim","patient":{"reference":"Patient/p"},
          "created":"2026-04-20","insurer":{"display":"Example"},
          "outcome":"complete"})";
  const RoleRow rows[] = {{"demo-ehr", "/fhir/Patient", true},
                          {"demo-ehr", "/fhir/ClaimResponse", true},
                          {"demo-clearinghouse", "/fhir/Patient", false},
                          {"demo-clearinghouse", "/fhir/ClaimResponse", true},
                          {"demo-operator", "/fhir/Patient", false},
                          {"demo-operator", "/fhir/ClaimResponse", false}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.partner + " " + row.target);
    const bool patient = row.target == "/fhir/Patient";
    const auto refusal =
        screen({.target = row.target, .body = patient ? kPatient : answer},
               row.partner);
    EXPECT_EQ(!refusal.has_value(), row.passes);
    if (!refusal || row.passes) continue;
    EXPECT_EQ(refusal->status, 403);
    EXPECT_THAT(rules(refusal->outcome), ElementsAre("security/not-allowed"));
  }
}

TEST_F(ScreeningTest, OneEntryThatMayNotBeWrittenRefusesTheTransaction) {
  const auto refusal = screen(
      {.target = "/fhir",
       .body = bundle_of("transaction", {entry_of("GET Patient/p", ""),
                                         entry_of("POST Patient", kPatient)})},
      "demo-clearinghouse");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->outcome.findings().front().expression,
            "Bundle.entry[1].resource");
}

TEST_F(ScreeningTest, ListsAllDefectsOfAllEntriesWithTheirPlaces) {
  const auto refusal = screen(
      {.target = "/fhir",
       .body = bundle_of(
           "transaction",
           {entry_of(
                "POST Patient",
                R"({"resourceType":"Patient","gender":"neither","colour":"red"})"),
            entry_of("POST Procedure",
                     R"({"resourceType":"Procedure","status":"completed"})"),
            entry_of("POST Patient", kPatient)})});
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->status, 422);
  EXPECT_THAT(defects(refusal),
              UnorderedElementsAre(
                  "binding/required at Bundle.entry[0].resource.gender",
                  "structure/unknown-element at Bundle.entry[0].resource",
                  "structure/min at Bundle.entry[1].resource"));
}

TEST_F(ScreeningTest, APeriodThatEndsBeforeItStartsHasARuleOfItsOwn) {
  const auto refusal = screen({.target = "/fhir/Procedure",
                               .body = session("2026-04-06T10:00:00-05:00",
                                               "2026-04-06T08:00:00-05:00")});
  EXPECT_THAT(
      defects(refusal),
      ElementsAre("time/negative at Procedure.performed.ofType(Period)"));
  ASSERT_TRUE(refusal.has_value());
  const auto& finding = refusal->outcome.findings().front();
  EXPECT_FALSE(finding.remedy.empty());
  EXPECT_EQ(finding.seen, "");  // times of a visit are not repeated
}

TEST_F(ScreeningTest, AnInstantNeedsItsOffset) {
  EXPECT_THAT(
      defects(screen({.target = "/fhir/Procedure",
                      .body = session("2026-04-06T08:00:00",
                                      "2026-04-06T10:00:00-05:00")})),
      ElementsAre(
          "time/no-offset at Procedure.performed.ofType(Period).start"));
}

TEST_F(ScreeningTest, WarningsPass) {
  const Sent sent{
      .target = "/fhir/Patient",
      .body =
          R"({"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://codes.example","code":"x"}]}})"};
  const auto request = gateway_.write_request(sent);
  const auto outcome = real_validator().validate(*request.document);
  ASSERT_FALSE(outcome.empty());
  ASSERT_TRUE(outcome.acceptable());
  EXPECT_FALSE(screen(sent));
}

}  // namespace
}  // namespace gateway::server
