// How things go on after they were sent: corrections and answers, requests for
// more visits before they run out, what time alone changes, and the outcomes
// in the end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/date.h"
#include "integration/running_gateway.h"

namespace gateway::integration {
namespace {

using testing::Contains;
using testing::HasSubstr;

class LifeCycleTest : public testing::Test {
 protected:
  void refer(
      const std::vector<std::pair<std::string, std::string>>& changes = {}) {
    auto text = demo("referral.json");
    for (const auto& [from, to] : changes) text = with(text, from, to);
    const auto reply = gateway_.post("/fhir", text);
    ASSERT_EQ(reply.status, 200) << reply.body;
    patient_ = first("Patient");
    order_ = first("ServiceRequest");
  }
  void attend(const std::string& file) {
    const auto reply = gateway_.post("/fhir", demo(file));
    ASSERT_EQ(reply.status, 200) << reply.body;
  }
  // "Type/id" of the oldest of that type.
  std::string first(const std::string& type) {
    found_ = gateway_.get("/fhir/" + type);
    const Json resource = found_.root().find("entry.resource");
    return type + "/" + std::string(resource.get("id").text());
  }
  std::string total(const std::string& query) {
    const auto reply = gateway_.get("/fhir/" + query);
    return std::string(reply.root().get("total").text());
  }
  Reply book(const std::string& day, const std::string& end = "T11:00:00") {
    return gateway_.post(
        "/fhir/Appointment",
        R"({"resourceType":"Appointment","identifier":[{"system":"urn:ehr",)"
        R"("value":"B-)" +
            day + R"("}],"status":"booked","basedOn":[{"reference":")" +
            order_ + R"("}],"start":")" + day + R"(T08:00:00-05:00","end":")" +
            day + end + R"(-05:00","participant":[{"actor":{"reference":")" +
            patient_ + R"("},"status":"accepted"}]})");
  }
  // The rules of all open Tasks of that code.
  std::vector<std::string> open_rules(const std::string& code) {
    std::vector<std::string> rules;
    const auto tasks = gateway_.get("/fhir/Task?status=requested");
    for (const Json entry : tasks.root().get("entry")) {
      const Json task = entry.get("resource");
      if (task.find("code.coding.code").text() != code) continue;
      for (const Json input : task.get("input")) {
        rules.emplace_back(input.find("type.coding.code").text());
      }
    }
    return rules;
  }

  RunningGateway gateway_;
  Reply found_;
  std::string patient_, order_;
};

const std::pair<std::string, std::string> kTwoTimes = {"\"frequency\": 5",
                                                       "\"frequency\": 2"};

TEST_F(LifeCycleTest, AnAnsweredTaskCorrectsTheReferral) {
  refer({kTwoTimes});
  attend("session-1-monday.json");
  EXPECT_EQ(total("Claim?status=active"), "0");
  found_ = gateway_.get("/fhir/Task?status=requested&focus=" + order_);
  const Json task = found_.root().find("entry.resource");
  const auto key = "Task/" + std::string(task.get("id").text());
  const auto reply = gateway_.put(
      "/fhir/" + key,
      with(std::string(task.raw()), "\"status\":\"requested\"",
           "\"status\":\"completed\",\"output\":[{\"type\":{\"text\":"
           "\"frequency\"},\"valueTiming\":{\"repeat\":{\"frequency\":4,"
           "\"period\":1,\"periodUnit\":\"wk\"}}}]"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(total("Task?status=requested"), "0");
  EXPECT_EQ(total("Claim?status=active"), "1");
  // The order stays as it was sent.
  EXPECT_THAT(gateway_.get("/fhir/" + order_).body,
              HasSubstr("\"frequency\": 2"));
  // What was answered outlives the process.
  gateway_.kill();
  gateway_.start();
  attend("session-2-tuesday.json");
  EXPECT_EQ(total("Claim?status=active"), "2");
}

TEST_F(LifeCycleTest, WhatHungOnAReplacedOrderFollows) {
  refer({kTwoTimes});
  attend("session-1-monday.json");
  EXPECT_EQ(total("Claim?status=draft"), "1");
  const auto encounter = first("Encounter");
  auto text = gateway_.get("/fhir/" + order_).body;
  text = with(text, "SR-2026-0330-01", "SR-2026-0330-02");
  text = with(text, "\"frequency\": 2", "\"frequency\": 5");
  text = with(text, "\"status\"",
              "\"replaces\":[{\"reference\":\"" + order_ + "\"}],\"status\"");
  const auto reply = gateway_.post("/fhir/ServiceRequest", text);
  ASSERT_EQ(reply.status, 201) << reply.body;
  EXPECT_EQ(total("Task?status=requested"), "0");
  EXPECT_EQ(total("Claim?status=active"), "1");
  // The same Encounter and Claim, now under the new order.
  EXPECT_EQ(total("Encounter"), "1");
  EXPECT_EQ(first("Encounter"), encounter);
  EXPECT_EQ(total("Claim"), "1");
  EXPECT_EQ(total("EpisodeOfCare"), "1");
  EXPECT_THAT(gateway_.get("/fhir/" + encounter).body,
              HasSubstr(reply.created()));
}

TEST_F(LifeCycleTest, AnExtensionIsAskedForBeforeTheVisitsRunOut) {
  refer({{"\"value\": 12", "\"value\": 2"}});
  book("2026-04-06");
  book("2026-04-07");
  EXPECT_EQ(total("Task?status=requested"), "0");
  book("2026-04-08");
  EXPECT_THAT(open_rules("obtain-authorization"), Contains("ledger/exhausted"));
  found_ = gateway_.get("/fhir/Task?status=requested");
  EXPECT_EQ(found_.root().find("entry.resource.focus.reference").text(),
            order_);
}

TEST_F(LifeCycleTest, ASlotUnderTwoHoursIsRefused) {
  refer();
  EXPECT_EQ(book("2026-04-06", "T09:59:00").status, 201);
  EXPECT_THAT(open_rules("review-session"),
              Contains("clinic-work-conditioning/A12"));
}

TEST_F(LifeCycleTest, ThePayerSaysWhetherAnAuthorizationIsNeeded) {
  auto text = demo("referral.json");
  const auto last = text.rfind("    {\n      \"fullUrl\"");
  text = text.substr(0, text.rfind(',', last)) + "]}";
  ASSERT_EQ(gateway_.post("/fhir", text).status, 200);
  patient_ = first("Patient");
  const auto coverage = first("Coverage");
  attend("session-1-monday.json");
  EXPECT_THAT(open_rules("obtain-authorization"),
              Contains("ledger/no-authorization"));
  const auto reply = gateway_.post(
      "/fhir/CoverageEligibilityResponse",
      R"({"resourceType":"CoverageEligibilityResponse","status":"active",)"
      R"("purpose":["auth-requirements"],"patient":{"reference":")" +
          patient_ +
          R"("},"created":"2026-04-01","request":{"identifier":{"value":"q"}},)"
          R"("outcome":"complete","insurer":{"identifier":{"value":"p"}},)"
          R"("insurance":[{"coverage":{"reference":")" +
          coverage +
          R"("},"item":[{"productOrService":{"coding":[{"system":)"
          R"("http://www.ama-assn.org/go/cpt","code":"97545"}]},)"
          R"("authorizationRequired":false}]}]})");
  ASSERT_EQ(reply.status, 201) << reply.body;
  EXPECT_EQ(total("Task?status=requested"), "0");
  EXPECT_EQ(total("Claim?status=active"), "1");
}

// The gateway's own clock: the session ends while the test waits.
TEST_F(LifeCycleTest, TimeAloneReleasesASession) {
  refer({{"2026-04-01", "2020-04-01"}, {"2026-05-15", "2096-05-15"}});
  const auto end = std::chrono::floor<std::chrono::seconds>(
                       std::chrono::system_clock::now()) +
                   std::chrono::seconds(20);
  auto text = with(demo("session-1-monday.json"), "2026-04-06T08:00:00-05:00",
                   utc_text(end - std::chrono::hours(2)));
  text = with(text, "2026-04-06T10:00:00-05:00", utc_text(end));
  const auto reply = gateway_.post("/fhir", text);
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_FALSE(reply.header_values("x-workgate-task").empty());
  gateway_.kill();
  gateway_.start();
  while (total("Encounter") != "1") {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(total("Encounter"), "1");
  const auto log =
      gateway_.get("/log/messages?partner=demo-ehr", "demo-operator");
  EXPECT_THAT(log.body, HasSubstr("wake Patient/"));
}

// What was billed on an authorization stays on it in the ledger, whatever the
// payer does to it since, and somebody is told.
TEST_F(LifeCycleTest, WhatWasPulledStaysOnAnAuthorizationThatIsCancelled) {
  refer();
  attend("session-1-monday.json");
  const auto claims =
      gateway_.get("/fhir/Claim?status=active", "demo-clearinghouse");
  const Json claim = claims.root().find("entry.resource");
  const auto key = "Claim/" + std::string(claim.get("id").text());
  found_ = gateway_.get("/fhir/ClaimResponse");
  const Json grant = found_.root().find("entry.resource");
  const auto target =
      "/fhir/ClaimResponse/" + std::string(grant.get("id").text());
  const auto other = with(with(std::string(grant.raw()), "PA-7001", "PA-7002"),
                          "PA-7001", "PA-7002");
  ASSERT_EQ(gateway_.post("/fhir/ClaimResponse", other).status, 201);
  const auto reply = gateway_.put(
      target, with(std::string(grant.raw()), "\"active\"", "\"cancelled\""));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(open_rules("review-claim"),
              testing::ElementsAre("ledger/billed-authorization"));
  const auto proof = gateway_.get("/fhir/" + key + "/$explain");
  EXPECT_THAT(proof.body, HasSubstr("\"valueString\":\"PA-7001\""));
  EXPECT_THAT(proof.body, testing::Not(HasSubstr("PA-7002")));
  EXPECT_THAT(proof.body, HasSubstr("\"valueString\":\"billed\""));
  EXPECT_THAT(gateway_.get("/fhir/" + key).body,
              HasSubstr("\"status\":\"active\""));
  // As it was, nothing is left to be done.
  ASSERT_EQ(gateway_.put(target, std::string(grant.raw())).status, 200);
  EXPECT_EQ(total("Task?status=requested"), "0");
}

TEST_F(LifeCycleTest, NothingGoesOverToAnotherPatient) {
  refer();
  attend("session-1-monday.json");
  const auto patient = patient_;
  const auto claims =
      gateway_.get("/fhir/Claim?status=active", "demo-clearinghouse");
  const Json claim = claims.root().find("entry.resource");
  const auto key = "Claim/" + std::string(claim.get("id").text());
  first("Procedure");
  const Json session = found_.root().find("entry.resource");
  const auto other = gateway_.post(
      "/fhir/Patient",
      R"({"resourceType":"Patient","identifier":[{"system":"urn:ehr","value":)"
      R"("P-other"}],"name":[{"family":"Other"}]})");
  ASSERT_EQ(other.status, 201) << other.body;
  const auto moved = "Patient/" + std::string(other.root().get("id").text());
  const auto reply =
      gateway_.put("/fhir/Procedure/" + std::string(session.get("id").text()),
                   with(std::string(session.raw()), patient, moved));
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("rest/other-patient"));
  const auto answer = gateway_.post(
      "/fhir/ClaimResponse",
      R"({"resourceType":"ClaimResponse","identifier":[{"system":"urn:payer",)"
      R"("value":"I-1"}],"status":"active","type":{"coding":[{"system":)"
      R"("http://terminology.hl7.org/CodeSystem/claim-type","code":)"
      R"("professional"}]},"use":"claim","patient":{"reference":")" +
          moved +
          R"("},"created":"2026-05-20","insurer":{"display":"X"},)"
          R"("request":{"reference":")" +
          key + R"("},"outcome":"complete"})");
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("ClaimResponse.request"));
  EXPECT_THAT(gateway_.get("/fhir/" + key).body,
              HasSubstr("\"status\":\"active\""));
}

TEST_F(LifeCycleTest, OutcomesAreMeasured) {
  refer();
  attend("session-1-monday.json");
  first("EpisodeOfCare");
  const Json episode = found_.root().find("entry.resource");
  const auto reply = gateway_.put(
      "/fhir/EpisodeOfCare/" + std::string(episode.get("id").text()),
      with(std::string(episode.raw()), "\"status\":\"active\"",
           "\"extension\":[{\"url\":\"https://workgate.example/fhir/"
           "StructureDefinition/discharge-reason\",\"valueCode\":"
           "\"return-to-work\"}],\"status\":\"finished\""));
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto base = std::string("/fhir/Measure/full-duty-return-to-work");
  EXPECT_EQ(gateway_.get(base).status, 200);
  const auto report = gateway_.get(
      base + "/$evaluate-measure?periodStart=2026-01-01&periodEnd=2099-12-31");
  ASSERT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(report.root().get("resourceType").text(), "MeasureReport");
  EXPECT_EQ(report.root().find("group.measureScore.value").raw(), "100");
  const auto others = gateway_.get(
      base + "/$evaluate-measure?periodStart=2026-01-01&periodEnd=2099-12-31",
      "demo-clearinghouse");
  EXPECT_FALSE(others.root().find("group.measureScore").exists());
  for (const auto* query : {"", "?periodStart=2026-01-01",
                            "?periodStart=2026-01-01&periodEnd=never",
                            "?periodStart=2026-02-01&periodEnd=2026-01-01"}) {
    const auto bad = gateway_.get(base + "/$evaluate-measure" + query);
    EXPECT_EQ(bad.status, 400) << query;
    EXPECT_EQ(bad.root().get("resourceType").text(), "OperationOutcome");
  }
  EXPECT_EQ(gateway_.get("/fhir/Measure/x/$evaluate-measure").status, 404);
  EXPECT_THAT(gateway_.get("/fhir/metadata").body,
              HasSubstr("\"type\":\"Measure\""));
}

}  // namespace
}  // namespace gateway::integration
