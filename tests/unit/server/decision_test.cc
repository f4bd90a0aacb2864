#include "server/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "base/decimal.h"
#include "unit/server/scratch_gateway.h"
#include "unit/validate/core.h"

namespace gateway::server {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

const std::string kOwner = "demo-ehr";

TEST(OpenTaskTest, ConcernsItsFocusAndItsCauses) {
  const OpenTask task{.id = {"Task", "1"},
                      .focus = "Claim/1",
                      .causes = {"Procedure/1", "Procedure/2"}};
  EXPECT_TRUE(task.concerns("Claim/1"));
  EXPECT_TRUE(task.concerns("Procedure/2"));
  EXPECT_FALSE(task.concerns("Procedure/3"));
}

class DecisionTest : public testing::Test {
 protected:
  Changed changed(const std::string& body, const std::string& case_key) {
    auto document = parse_shared(body, gateway_.parts().keys);
    EXPECT_TRUE(document.ok());
    const Json root = (*document)->root();
    return {.resource = {.id = {std::string(root.get("resourceType").text()),
                                std::string(root.get("id").text())},
                         .last_updated = gateway_.now,
                         .owner = kOwner,
                         .document = *document},
            .case_key = case_key};
  }
  Decision decide(const std::set<std::string>& cases,
                  const std::vector<Changed>& all = {}) {
    auto decision = decide_cases(gateway_.parts(), kOwner, cases, all,
                                 {gateway_.now, demo_edition()});
    EXPECT_TRUE(decision.ok()) << decision.error().message;
    return decision.ok() ? *std::move(decision) : Decision();
  }
  // The referral of the demo; gives the key of its case.
  std::string refer() {
    const auto reply = gateway_.post("/fhir", demo("referral.json"));
    EXPECT_EQ(reply.status, 200);
    return reply.entry("Patient");
  }
  // Monday's session as the store would have it, at another place.
  std::string monday(const std::string& patient,
                     const std::string& location) const {
    return R"({"resourceType":"Procedure","id":"monday",
        "identifier":[{"system":"https://ehr.example/sessions","value":"M"}],
        "status":"completed","basedOn":[{"reference":")" +
           order_ +
           R"("}],"code":{"coding":[{"system":"https://workgate.example/fhir/CodeSystem/program","code":"work-conditioning"}]},
        "subject":{"reference":")" +
           patient +
           R"("},"performedPeriod":{"start":"2026-04-06T08:00:00-05:00","end":"2026-04-06T10:00:00-05:00"},
        "performer":[{"actor":{"reference":")" +
           therapist_ + R"("}}],"location":{"reference":")" + location + "\"}}";
  }
  void read_ids() {
    order_ = gateway_.stored("ServiceRequest").at(0).id.text();
    clinic_ = gateway_.stored("Location").at(0);
    for (const auto& one : gateway_.stored("Practitioner")) {
      if (one.body.find("qualification") != std::string::npos) {
        therapist_ = one.id.text();
      }
    }
  }

  ScratchGateway gateway_;
  std::string order_, therapist_;
  store::StoredResource clinic_;
};

auto depends(const std::string& resource, const std::string& case_key) {
  return testing::AllOf(testing::Field(&store::Dependent::resource, resource),
                        testing::Field(&store::Dependent::case_key, case_key));
}

TEST_F(DecisionTest, GivesAllThatFollowsFromASession) {
  const auto patient = refer();
  read_ids();
  const auto decision =
      decide({patient}, {changed(monday(patient, clinic_.id.text()), patient)});
  std::vector<std::string> types;
  for (const auto& write : decision.writes) {
    types.push_back(write.id.type);
    // New resources have ids of the id source.
    if (write.version == 1) {
      EXPECT_EQ(write.id.id.substr(0, 2), "1-");
    }
    EXPECT_EQ(write.owner, kOwner);
    EXPECT_EQ(write.case_key, patient);
    EXPECT_EQ(write.last_updated, gateway_.now);
    const auto body = JsonDocument::parse(write.body);
    ASSERT_TRUE(body.ok());
    EXPECT_EQ(body->root().get("id").text(), write.id.id);
    EXPECT_EQ(body->root().find("meta.versionId").text(),
              std::to_string(write.version));
  }
  for (const auto* type : {"Encounter", "Claim", "Provenance"}) {
    EXPECT_THAT(types, Contains(type));
  }
  EXPECT_THAT(decision.tasks, IsEmpty());
  ASSERT_THAT(decision.feed, SizeIs(1));
  EXPECT_EQ(decision.feed[0].topic, "claim-available");
  EXPECT_EQ(decision.feed[0].resource.type, "Claim");
}

TEST_F(DecisionTest, TheLedgerAddsUpToZero) {
  const auto patient = refer();
  read_ids();
  const auto decision =
      decide({patient}, {changed(monday(patient, clinic_.id.text()), patient)});
  ASSERT_FALSE(decision.ledger.empty());
  std::map<std::string, Decimal> sums;
  bool used = false;
  for (const auto& entry : decision.ledger) {
    auto& sum = sums[entry.authorization + " " + entry.unit];
    sum = *sum.plus(*Decimal::parse(entry.amount));
    used = used || entry.account == "used";
    EXPECT_EQ(entry.owner, kOwner);
    EXPECT_FALSE(entry.cause.empty());
  }
  EXPECT_TRUE(used);
  for (const auto& [place, sum] : sums) EXPECT_TRUE(sum.is_zero()) << place;
}

TEST_F(DecisionTest, DecidingAgainChangesNothing) {
  const auto patient = refer();
  read_ids();
  decide({patient}, {changed(monday(patient, clinic_.id.text()), patient)});
  const auto again = decide({patient});
  EXPECT_THAT(again.writes, IsEmpty());
  EXPECT_THAT(again.ledger, IsEmpty());
  EXPECT_THAT(again.feed, IsEmpty());
}

TEST_F(DecisionTest, ATaskNamesTheSessionThatCausedIt) {
  const auto patient = refer();
  read_ids();
  const auto decision =
      decide({patient}, {changed(monday(patient, "Location/late"), patient)});
  ASSERT_FALSE(decision.tasks.empty());
  EXPECT_TRUE(decision.tasks[0].concerns("Procedure/monday"));
  EXPECT_FALSE(decision.tasks[0].findings.empty());
  EXPECT_THAT(decision.dependents, Contains(depends("Location/late", patient)));
}

// A coverage of one patient that another patient's referral names.
TEST_F(DecisionTest, TakesWhatTheMessageBringsForAnotherPatient) {
  const auto coverage = changed(
      R"({"resourceType":"Coverage","id":"c","status":"active",
          "beneficiary":{"reference":"Patient/b"},
          "payor":[{"display":"Example"}]})",
      "Patient/b");
  const auto referral = changed(
      R"({"resourceType":"ServiceRequest","id":"r","status":"active",
          "intent":"order","subject":{"reference":"Patient/a"},
          "insurance":[{"reference":"Coverage/c"}]})",
      "Patient/a");
  const auto decision =
      decide({"Patient/a", "Patient/b"}, {coverage, referral});
  const auto one = gateway_.parts().shelf.on_shelf(kOwner, "Patient/a");
  const auto other = gateway_.parts().shelf.on_shelf(kOwner, "Patient/b");
  ASSERT_TRUE(one && other);
  EXPECT_THAT(one->facts.coverages(), Contains(Pair("Coverage/c", testing::_)));
  EXPECT_THAT(decision.dependents,
              Contains(depends("Coverage/c", "Patient/a")));
  EXPECT_THAT(gateway_.parts().shelf.users(kOwner, "Coverage/c"),
              Contains("Patient/a"));
  EXPECT_THAT(other->facts.referrals(), IsEmpty());
}

class LateLocationTest : public DecisionTest {
 protected:
  // A session at a place that nobody knows yet.
  void SetUp() override {
    const auto patient = refer();
    read_ids();
    const auto reply = gateway_.put("/fhir/Procedure/monday",
                                    monday(patient, "Location/late"));
    ASSERT_EQ(reply.status, 201) << reply.body;
    ASSERT_THAT(gateway_.stored("Claim", "draft"), SizeIs(1));
    ASSERT_THAT(gateway_.stored("Task", "requested"), Not(IsEmpty()));
  }
  void expect_release() {
    ASSERT_THAT(gateway_.stored("Claim", "active"), IsEmpty());
    const auto late =
        with(clinic_.body, "\"" + clinic_.id.id + "\"", "\"late\"");
    ASSERT_EQ(gateway_.put("/fhir/Location/late", late).status, 201);
    EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(1));
    EXPECT_THAT(gateway_.stored("Task", "requested"), IsEmpty());
  }
};

TEST_F(LateLocationTest, ReleasesTheHold) { expect_release(); }

// Who waits for it is found in the store as well.
TEST_F(LateLocationTest, ReleasesTheHoldAfterARestart) {
  gateway_.restart();
  expect_release();
}

// A fault of our own, planted: the profile of what we emit asks for what no
// emitter writes. The message ends rejected, with the rule, and nothing of it
// is stored.
const validate::Validator& validator_with_fault(const std::string& type,
                                                const std::string& profile) {
  static std::map<std::string, std::unique_ptr<validate::Validator>> made;
  auto& validator = made[profile];
  if (!validator) {
    const auto url =
        "https://workgate.example/fhir/StructureDefinition/" + profile;
    auto text = validate::profile_text(
        profile, type,
        R"([{"id":")" + type + R"(","path":")" + type +
            R"(","constraint":[{"key":"planted-1","severity":"error",)"
            R"("human":"planted","expression":"false"}]}])");
    text = with(text, "http://example.org/" + profile, url);
    validator = std::make_unique<validate::Validator>(validate::with({text}));
  }
  return *validator;
}

class UnfitEmissionTest
    : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(UnfitEmissionTest, IsNeverStoredAndSaysSo) {
  const auto& [type, profile] = GetParam();
  ScratchGateway gateway(validator_with_fault(type, profile));
  auto reply = gateway.post("/fhir", demo("referral.json"));
  if (reply.status == 200) {
    reply = gateway.post("/fhir", demo("session-1-monday.json"));
  }
  EXPECT_EQ(reply.status, 500) << reply.body;
  EXPECT_THAT(rules(reply.root()), Contains("emit/not-valid"));
  EXPECT_THAT(reply.body, testing::HasSubstr("invariant/planted-1"));
  EXPECT_THAT(gateway.stored(type), IsEmpty());
  EXPECT_THAT(gateway.stored("Procedure"), IsEmpty());
  const auto kept = gateway.newest_message();
  EXPECT_EQ(kept.message.state, store::MessageState::rejected);
  EXPECT_EQ(kept.message.rule, "emit/not-valid");
}

INSTANTIATE_TEST_SUITE_P(
    Profiles, UnfitEmissionTest,
    testing::Values(std::pair("Claim", "wc-claim"),
                    std::pair("Encounter", "wc-encounter")),
    [](const auto& test) { return std::string(test.param.first); });

}  // namespace
}  // namespace gateway::server
