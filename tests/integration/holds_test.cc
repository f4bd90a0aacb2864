// What is stored but held: one Task with every reason, no second one for a
// resend, and its end when the cause goes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/running_gateway.h"

namespace gateway::integration {
namespace {

using testing::Contains;
using testing::IsSupersetOf;

// The codes of a Task's inputs: the rules that hold.
std::vector<std::string> reasons(Json task) {
  std::vector<std::string> codes;
  for (const Json input : task.get("input")) {
    codes.emplace_back(input.find("type.coding.code").text());
  }
  return codes;
}

class HoldsTest : public testing::Test {
 protected:
  // Sends the demo referral with changes, and gives the reply.
  Reply refer(const std::vector<std::pair<std::string, std::string>>& changes) {
    auto text = demo("referral.json");
    for (const auto& [from, to] : changes) text = with(text, from, to);
    return gateway_.post("/fhir", text);
  }
  std::vector<Json> open_tasks() {
    tasks_ = gateway_.get("/fhir/Task?status=requested");
    std::vector<Json> tasks;
    for (const Json entry : tasks_.root().get("entry")) {
      if (entry.find("search.mode").text() == "match") {
        tasks.push_back(entry.get("resource"));
      }
    }
    return tasks;
  }
  std::string count(const std::string& query) {
    return std::string(
        gateway_.get("/fhir/" + query).root().get("total").text());
  }
  Reply attend(const std::string& file, const std::string& from = "",
               const std::string& to = "") {
    auto text = demo(file);
    if (!from.empty()) text = with(text, from, to);
    return gateway_.post("/fhir", text);
  }

  RunningGateway gateway_;
  Reply tasks_;
};

const std::pair<std::string, std::string> kFrequency = {"\"frequency\": 5",
                                                        "\"frequency\": 2"};

struct ReferralRow {
  std::string name;
  std::vector<std::pair<std::string, std::string>> changes;
  std::string rule;
};

TEST(ReferralHoldsTest, NameEveryReason) {
  const ReferralRow rows[] = {
      {"two_to_three",
       {{"\"frequency\": 5", "\"frequency\": 2, \"frequencyMax\": 3"}},
       "clinic-work-conditioning/A4"},
      {"as_needed",
       {{"\"occurrenceTiming\": {",
         "\"asNeededBoolean\": true,\n\"occurrenceTiming\": {"}},
       "clinic-work-conditioning/A4"},
      {"other_therapy",
       {{"\"code\": {\n          \"coding\": [\n            {\n              "
         "\"system\": \"https://workgate.example/fhir/CodeSystem/program\",\n"
         "              \"code\": \"work-conditioning\"",
         "\"code\": {\n          \"coding\": [\n            {\n              "
         "\"system\": \"http://www.ama-assn.org/go/cpt\",\n"
         "              \"code\": \"97110\""}},
       "clinic-work-conditioning/A3"},
      {"not_attending",
       {{"\"ATND\"", "\"CON\""}},
       "clinic-work-conditioning/A2"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    RunningGateway gateway;
    auto text = demo("referral.json");
    for (const auto& [from, to] : row.changes) text = with(text, from, to);
    const auto reply = gateway.post("/fhir", text);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(reply.header_values("x-workgate-task").size(), 1U);
    const auto tasks = gateway.get("/fhir/Task?status=requested");
    EXPECT_EQ(tasks.root().get("total").text(), "1");
    const Json task = tasks.root().find("entry.resource");
    EXPECT_THAT(reasons(task), Contains(row.rule)) << tasks.body;
    EXPECT_EQ(task.find("code.coding.code").text(), "correct-referral");
    const auto kept = gateway.newest_message();
    EXPECT_EQ(kept.root().get("state").text(), "held");
  }
}

TEST_F(HoldsTest, AResendMakesNoSecondTaskAndACorrectionClosesIt) {
  const auto first = refer({kFrequency, {"\"ATND\"", "\"CON\""}});
  ASSERT_EQ(first.status, 200) << first.body;
  const auto again = refer({kFrequency, {"\"ATND\"", "\"CON\""}});
  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.header_values("x-workgate-replayed"), Contains("true"));
  ASSERT_EQ(open_tasks().size(), 1U);
  EXPECT_THAT(reasons(open_tasks()[0]),
              IsSupersetOf({"clinic-work-conditioning/A2",
                            "clinic-work-conditioning/A4"}));

  const auto order = gateway_.get("/fhir/ServiceRequest");
  const Json resource = order.root().find("entry.resource");
  const auto id = std::string(resource.get("id").text());
  const auto role = gateway_.get("/fhir/PractitionerRole");
  const Json role_resource = role.root().find("entry.resource");
  EXPECT_EQ(gateway_
                .put("/fhir/ServiceRequest/" + id,
                     with(std::string(resource.raw()), "\"frequency\": 2",
                          "\"frequency\": 5"))
                .status,
            200);
  ASSERT_EQ(open_tasks().size(), 1U);  // still not by the attending physician
  EXPECT_EQ(
      gateway_
          .put("/fhir/PractitionerRole/" +
                   std::string(role_resource.get("id").text()),
               with(std::string(role_resource.raw()), "\"CON\"", "\"ATND\""))
          .status,
      200);
  EXPECT_TRUE(open_tasks().empty());
  EXPECT_EQ(count("Task?status=completed"), "1");
}

struct SessionRow {
  std::string name;
  std::string file;
  std::string from, to;
  std::string rule;
  std::string encounters;
  std::string drafts;
};

TEST(SessionHoldsTest, LeaveWhatIsTrue) {
  const SessionRow rows[] = {
      {"before_start", "session-1-monday.json", "2026-04-06T08",
       "2026-03-31T08", "ledger/before-start", "1", "1"},
      {"after_end", "session-1-monday.json", "2026-04-06T08", "2026-05-16T08",
       "ledger/expired", "1", "1"},
      {"short", "session-1-monday.json", "T10:00:00", "T09:45:00",
       "clinic-work-conditioning/A10", "1", "0"},
      {"long", "session-5-friday.json", "T13:00:00", "T13:01:00",
       "clinic-work-conditioning/A24", "1", "1"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    RunningGateway gateway;
    ASSERT_EQ(gateway.post("/fhir", demo("referral.json")).status, 200);
    auto text = with(demo(row.file), row.from, row.to);
    const auto day = row.to.substr(0, 10);
    if (row.to.find("2026-") == 0)
      text = with(text, "2026-04-06T10", day + "T10");
    const auto reply = gateway.post("/fhir", text);
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_FALSE(reply.header_values("x-workgate-task").empty());
    const auto tasks = gateway.get("/fhir/Task?status=requested");
    EXPECT_THAT(reasons(tasks.root().find("entry.resource")),
                Contains(row.rule))
        << tasks.body;
    EXPECT_EQ(gateway.get("/fhir/Encounter").root().get("total").text(),
              row.encounters);
    EXPECT_EQ(
        gateway.get("/fhir/Claim?status=draft").root().get("total").text(),
        row.drafts);
    EXPECT_EQ(
        gateway.get("/fhir/Claim?status=active").root().get("total").text(),
        "0");
  }
}

TEST_F(HoldsTest, ReleaseByThemselvesWhenTheAuthorizationComes) {
  auto text = demo("referral.json");
  // The authorization is the last entry of the sample Bundle.
  const auto last = text.rfind("    {\n      \"fullUrl\"");
  const auto alone = text.substr(last);
  text = text.substr(0, text.rfind(',', last)) + "]}";
  ASSERT_EQ(gateway_.post("/fhir", text).status, 200);
  ASSERT_EQ(attend("session-1-monday.json").status, 200);
  EXPECT_EQ(count("Claim?status=draft"), "1");
  ASSERT_EQ(open_tasks().size(), 1U);
  EXPECT_THAT(reasons(open_tasks()[0]), Contains("ledger/no-authorization"));

  const auto patient = gateway_.get("/fhir/Patient");
  const auto carrier = gateway_.get(
      "/fhir/Organization?identifier=https://payers.example/id|99999");
  const auto order = gateway_.get("/fhir/ServiceRequest");
  const auto document = *JsonDocument::parse(
      "{\"entry\":[" + alone.substr(0, alone.rfind("  ]")) + "]}");
  auto grant = std::string(document.root().find("entry.resource").raw());
  const auto refer_to = [&grant](const std::string& urn, const Reply& found) {
    const Json resource = found.root().find("entry.resource");
    grant = with(grant, urn,
                 std::string(resource.get("resourceType").text()) + "/" +
                     std::string(resource.get("id").text()));
  };
  refer_to("urn:uuid:00000000-0000-4000-8000-000000000001", patient);
  refer_to("urn:uuid:00000000-0000-4000-8000-000000000002", carrier);
  refer_to("urn:uuid:00000000-0000-4000-8000-000000000011", order);
  const auto granted = gateway_.post("/fhir/ClaimResponse", grant);
  EXPECT_EQ(granted.status, 201) << granted.body;
  EXPECT_TRUE(open_tasks().empty());
  EXPECT_EQ(count("Claim?status=active"), "1");
  EXPECT_EQ(count("Task?status=completed"), "1");
}

TEST_F(HoldsTest, VisitsBeyondTheAuthorizationAreHeld) {
  ASSERT_EQ(refer({{"\"value\": 12", "\"value\": 1"}}).status, 200);
  ASSERT_EQ(attend("session-1-monday.json").status, 200);
  EXPECT_TRUE(open_tasks().empty());
  ASSERT_EQ(attend("session-2-tuesday.json").status, 200);
  ASSERT_EQ(open_tasks().size(), 1U);
  EXPECT_THAT(reasons(open_tasks()[0]), Contains("ledger/exhausted"));
  EXPECT_EQ(count("Encounter"), "2");
  EXPECT_EQ(count("Claim?status=active"), "1");
  EXPECT_EQ(count("Claim?status=draft"), "1");
}

TEST_F(HoldsTest, OverlapsAreHeldUntilOneIsWithdrawn) {
  ASSERT_EQ(refer({}).status, 200);
  ASSERT_EQ(attend("session-1-monday.json").status, 200);
  auto other = with(demo("session-1-monday.json"), "S-2026-04-06", "S-other");
  other = with(other, "T08:00:00", "T09:00:00");
  other = with(other, "T10:00:00", "T11:00:00");
  ASSERT_EQ(gateway_.post("/fhir", other).status, 200);
  ASSERT_FALSE(open_tasks().empty());
  EXPECT_THAT(reasons(open_tasks()[0]), Contains("ledger/overlap"));
  EXPECT_EQ(count("Claim?status=active"), "0");

  const auto found = gateway_.get(
      "/fhir/Procedure?identifier=https://ehr.example/sessions|S-other");
  const Json session = found.root().find("entry.resource");
  EXPECT_EQ(gateway_
                .put("/fhir/Procedure/" + std::string(session.get("id").text()),
                     with(std::string(session.raw()), "\"completed\"",
                          "\"entered-in-error\""))
                .status,
            200);
  EXPECT_TRUE(open_tasks().empty());
  EXPECT_EQ(count("Claim?status=active"), "1");
}

TEST_F(HoldsTest, ASessionOfAnotherPatientThanItsReferralsIsHeld) {
  ASSERT_EQ(refer({}).status, 200);
  ASSERT_EQ(gateway_
                .put("/fhir/Patient/somebody-else",
                     R"({"resourceType":"Patient","id":"somebody-else"})")
                .status,
            201);
  ASSERT_EQ(attend("session-1-monday.json",
                   "Patient?identifier=https://ehr.example/mrn|MRN-20417",
                   "Patient/somebody-else")
                .status,
            200);
  ASSERT_EQ(open_tasks().size(), 1U);
  EXPECT_THAT(reasons(open_tasks()[0]), Contains("session/other-patient"));
  EXPECT_EQ(count("Encounter"), "0");
  EXPECT_EQ(count("Claim"), "0");
}

TEST_F(HoldsTest, SessionsOfAHeldReferralWaitForIt) {
  ASSERT_EQ(refer({kFrequency}).status, 200);
  ASSERT_EQ(attend("session-1-monday.json").status, 200);
  EXPECT_EQ(count("Encounter"), "1");
  EXPECT_EQ(count("Claim?status=draft"), "1");
  const auto order = gateway_.get("/fhir/ServiceRequest");
  const Json resource = order.root().find("entry.resource");
  ASSERT_EQ(
      gateway_
          .put("/fhir/ServiceRequest/" + std::string(resource.get("id").text()),
               with(std::string(resource.raw()), "\"frequency\": 2",
                    "\"frequency\": 5"))
          .status,
      200);
  EXPECT_TRUE(open_tasks().empty());
  EXPECT_EQ(count("Claim?status=active"), "1");
}

TEST_F(HoldsTest, SessionsOfTheFutureAreHeld) {
  ASSERT_EQ(refer({}).status, 200);
  auto session =
      with(demo("session-1-monday.json"), "2026-04-06T08", "2096-04-06T08");
  session = with(session, "2026-04-06T10", "2096-04-06T10");
  ASSERT_EQ(gateway_.post("/fhir", session).status, 200);
  ASSERT_FALSE(open_tasks().empty());
  EXPECT_THAT(reasons(open_tasks()[0]), Contains("time/future"));
  EXPECT_EQ(count("Claim?status=active"), "0");
}

// After a pull, an amendment is a replacement that waits for the payer's
// number, and the claim that it replaces ends with it.
TEST_F(HoldsTest, AnAmendmentAfterThePullIsAReplacement) {
  ASSERT_EQ(refer({}).status, 200);
  ASSERT_EQ(attend("session-4-thursday.json").status, 200);
  const auto pulled =
      gateway_.get("/fhir/Claim?status=active", "demo-clearinghouse");
  const Json claim = pulled.root().find("entry.resource");
  const auto id = "Claim/" + std::string(claim.get("id").text());
  const auto found = gateway_.get("/fhir/Procedure");
  const Json session = found.root().find("entry.resource");
  ASSERT_EQ(gateway_
                .put("/fhir/Procedure/" + std::string(session.get("id").text()),
                     with(std::string(session.raw()), "T10:31:00", "T10:00:00"))
                .status,
            200);
  EXPECT_EQ(count("Claim?status=draft"), "1");
  EXPECT_EQ(count("Claim?status=active"), "1");
  ASSERT_EQ(open_tasks().size(), 1U);

  const std::string answer =
      R"({"resourceType":"ClaimResponse","status":"active",)"
      R"("identifier":[{"system":"https://payers.example/icn","value":"ICN-1"}],)"
      R"("type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},)"
      R"("use":"claim","created":"2026-04-20","outcome":"complete",)"
      R"("patient":{"reference":")" +
      std::string(claim.find("patient.reference").text()) +
      R"("},"insurer":{"reference":")" +
      std::string(claim.find("insurer.reference").text()) +
      R"("},"request":{"reference":")" + id + R"("}})";
  const auto answered =
      gateway_.send("POST", "/fhir/ClaimResponse", answer,
                    {{"Content-Type", "application/fhir+json"},
                     {"X-Workgate-Partner", "demo-clearinghouse"}});
  EXPECT_EQ(answered.status, 201) << answered.body;
  EXPECT_TRUE(open_tasks().empty());
  const auto active = gateway_.get("/fhir/Claim?status=active");
  EXPECT_EQ(active.root().get("total").text(), "1");
  const Json replacement = active.root().find("entry.resource");
  EXPECT_EQ(replacement.find("total.value").text(), "210.00");
  EXPECT_EQ(replacement.find("related.relationship.coding.code").exists(),
            true);
  EXPECT_EQ(gateway_.get("/fhir/" + id).root().get("status").text(),
            "cancelled");
}

TEST_F(HoldsTest, AKnownKeyIsOneEffectOrAConflict) {
  ASSERT_EQ(refer({}).status, 200);
  ASSERT_EQ(attend("session-1-monday.json").status, 200);
  const auto same = attend("session-1-monday.json");
  EXPECT_EQ(same.status, 200);
  EXPECT_THAT(same.header_values("x-workgate-replayed"), Contains("true"));
  EXPECT_EQ(count("Procedure"), "1");

  const auto stored = gateway_.get("/fhir/Procedure");
  const auto body = std::string(stored.root().find("entry.resource").raw());
  const auto single = gateway_.post("/fhir/Procedure", body);
  EXPECT_EQ(single.status, 200) << single.body;
  EXPECT_THAT(single.header_values("x-workgate-replayed"), Contains("true"));
  const auto other =
      gateway_.post("/fhir/Procedure", with(body, "T10:00:00", "T10:30:00"));
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(count("Procedure"), "1");
  EXPECT_EQ(count("Claim"), "1");
  EXPECT_EQ(gateway_.newest_message().root().get("state").text(), "rejected");
}

TEST_F(HoldsTest, TheSameTransactionWithFreshUrnsIsOneEffect) {
  ASSERT_EQ(refer({}).status, 200);
  auto text = demo("referral.json");
  for (auto at = text.find("00000000-0000-4000"); at != std::string::npos;
       at = text.find("00000000-0000-4000", at)) {
    text.replace(at, 8, "11111111");
  }
  const auto again = gateway_.post("/fhir", text);
  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.header_values("x-workgate-replayed"), Contains("true"));
  EXPECT_EQ(count("ServiceRequest"), "1");
  EXPECT_EQ(count("Condition"), "1");
}

}  // namespace
}  // namespace gateway::integration
