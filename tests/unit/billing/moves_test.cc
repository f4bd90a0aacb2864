// Every state of a life cycle, and where it is recorded: by whom, when, under
// which packs and why.

#include "billing/moves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

const std::string kPatient = "'patient':{'reference':'Patient/p1'}";

std::string attended(const std::string& end = "12:00",
                     const std::string& status = "completed") {
  return session_json({.id = "s1",
                       .start = "2026-04-06T08:00:00-05:00",
                       .end = "2026-04-06T" + end + ":00-05:00",
                       .status = status});
}

std::string granted(const std::string& outcome, Grantee grant = {}) {
  auto text = grant_json(grant);
  const std::string complete = "'outcome':'complete'";
  text.replace(text.find(complete), complete.size(),
               "'outcome':'" + outcome + "'");
  return text;
}

std::string booked(const std::string& status, const std::string& more = {}) {
  return "{'resourceType':'Appointment','id':'b1','status':'" + status +
         "','basedOn':[{'reference':'ServiceRequest/r1'}],'start':"
         "'2026-04-06T07:00:00-05:00','end':'2026-04-06T11:00:00-05:00'" +
         more + "}";
}

std::string absent(const std::string& how) {
  return booked("noshow",
                ",'cancelationReason':{'coding':[{'system':"
                "'https://workgate.example/fhir/CodeSystem/absence','code':'" +
                    how + "'}]}");
}

std::string document(const std::string& kind) {
  const bool note = kind == "daily-note";
  return "{'resourceType':'" +
         std::string(note ? "Composition" : "DocumentReference") + "','id':'" +
         kind +
         "','status':'current','type':{'coding':[{'system':"
         "'https://workgate.example/fhir/CodeSystem/document-type','code':'" +
         kind +
         "'}]},'subject':{'reference':'Patient/p1'},'date':"
         "'2026-04-06T18:00:00-05:00','section':[{'title':'x'}]}";
}

class World {
 public:
  explicit World(program::Site site = demo_site()) : clinic(std::move(site)) {
    clinic.now_ = *parse_instant("2026-04-10T12:00:00Z");
    clinic.store_parties();
  }

  void order(const Order& order = {}) { clinic.post(order_json(order)); }
  void ready() {
    order();
    clinic.post(grant_json({}));
    clinic.post(attended());
  }
  std::string id_of(std::string_view type) const {
    return std::string(clinic.all(type).at(0)->root().get("id").text());
  }
  void pulled() {
    ready();
    clinic.pull("Claim/" + id_of("Claim"));
    clinic.run();
  }
  void answer(const std::string& more) {
    clinic.post(
        "{'resourceType':'ClaimResponse','id':'paid','use':'claim','status':"
        "'active'," +
        kPatient +
        ",'identifier':[{'value':'ICN-1'}],'request':{'reference':"
        "'Claim/" +
        id_of("Claim") + "'}" + more + "}");
  }
  // As a sender writes it back.
  void episode(const std::string& more) {
    const auto known = clinic.all("EpisodeOfCare").at(0);
    clinic.post(
        "{'resourceType':'EpisodeOfCare','id':'" + id_of("EpisodeOfCare") +
        "','identifier':" + std::string(known->root().get("identifier").raw()) +
        "," + kPatient +
        ",'referralRequest':[{'reference':'ServiceRequest/r1'}]" + more + "}");
  }

  Clinic clinic;
};

struct Row {
  const char* state;
  const char* target;  // how it begins
  std::function<void(World&)> story;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"referral-received", "ServiceRequest/r1", [](World& w) { w.order(); }},
      {"referral-validating", "ServiceRequest/r1", [](World& w) { w.order(); }},
      {"referral-needs-correction", "ServiceRequest/r1",
       [](World& w) { w.order({.occurrence = ""}); }},
      {"referral-corrected", "ServiceRequest/r1",
       [](World& w) {
         w.order({.occurrence = ""});
         w.order();
       }},
      {"referral-accepted", "ServiceRequest/r1", [](World& w) { w.order(); }},
      {"referral-rejected", "ServiceRequest/r1",
       [](World& w) {
         w.clinic.store(
             "{'resourceType':'Coverage','id':'c1','status':'active','type':{"
             "'coding':[{'system':"
             "'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':"
             "'PUBLICPOL'}]},'payor':[{'reference':'Organization/payer'}]}");
         w.order({.code = "{'coding':[{'system':"
                          "'https://workgate.example/fhir/CodeSystem/program',"
                          "'code':'work-hardening'}]}"});
       }},
      {"referral-revoked", "ServiceRequest/r1",
       [](World& w) { w.order({.status = "revoked"}); }},
      {"authorization-not-required", "ServiceRequest/r1",
       [](World& w) {
         w.clinic.store(
             "{'resourceType':'CoverageEligibilityResponse','id':'e1',"
             "'status':'active','outcome':'complete','created':'2026-03-30'," +
             kPatient +
             ",'insurer':{'reference':'Organization/payer'},'insurance':[{"
             "'coverage':{'reference':'Coverage/c1'},'item':[{"
             "'authorizationRequired':false}]}]}");
         w.order();
       }},
      {"authorization-requested", "Claim/pa",
       [](World& w) {
         w.order();
         w.clinic.post(
             "{'resourceType':'Claim','id':'pa','status':'active',"
             "'use':'preauthorization'," +
             kPatient + ",'referral':{'reference':'ServiceRequest/r1'}}");
       }},
      {"authorization-pended", "ClaimResponse/a1",
       [](World& w) {
         w.order();
         w.clinic.post(granted("queued"));
       }},
      {"authorization-granted", "ClaimResponse/a1",
       [](World& w) {
         w.order();
         w.clinic.post(grant_json({}));
       }},
      {"authorization-partially", "ClaimResponse/a1",
       [](World& w) {
         w.order();
         w.clinic.post(granted("partial"));
       }},
      {"authorization-denied", "ClaimResponse/a1",
       [](World& w) {
         w.order();
         w.clinic.post(granted("error"));
       }},
      {"authorization-active", "ClaimResponse/a1", [](World& w) { w.ready(); }},
      {"authorization-exhausted", "ClaimResponse/a1",
       [](World& w) {
         w.order();
         w.clinic.post(grant_json({.visits = "1"}));
         w.clinic.post(attended());
       }},
      {"authorization-expired", "ClaimResponse/a1",
       [](World& w) {
         w.order();
         w.clinic.post(grant_json({}));
         w.clinic.now_ = *parse_instant("2026-05-20T12:00:00Z");
         w.clinic.run();
       }},
      {"authorization-superseded", "ClaimResponse/a1",
       [](World& w) {
         w.order();
         auto text = grant_json({});
         const std::string active = "'status':'active'";
         text.replace(text.find(active), active.size(), "'status':'cancelled'");
         w.clinic.post(text);
       }},
      {"session-booked", "Appointment/b1",
       [](World& w) {
         w.order();
         w.clinic.post(booked("booked"));
       }},
      {"session-arrived", "Appointment/b1",
       [](World& w) {
         w.order();
         w.clinic.post(booked("arrived"));
       }},
      {"session-in-progress", "Procedure/s1",
       [](World& w) {
         w.order();
         w.clinic.post(attended("12:00", "in-progress"));
       }},
      {"session-break", "Procedure/s1",
       [](World& w) {
         w.order();
         w.clinic.post(attended("12:00", "on-hold"));
       }},
      {"session-finished", "Encounter/", [](World& w) { w.ready(); }},
      {"session-documented", "Encounter/",
       [](World& w) {
         w.ready();
         w.clinic.post(document("daily-note"));
         w.clinic.post(document("activity-sheet"));
       }},
      {"session-tardy", "Appointment/b1",
       [](World& w) {
         w.ready();
         w.clinic.post(booked("fulfilled"));
       }},
      {"session-amended", "Encounter/",
       [](World& w) {
         w.ready();
         w.clinic.post(attended("13:00"));
       }},
      {"session-billable", "Encounter/", [](World& w) { w.ready(); }},
      {"session-held", "Encounter/",
       [](World& w) {
         w.order();
         w.clinic.post(attended());
       }},
      {"session-non-billable", "Encounter/",
       [](World& w) {
         w.order();
         w.clinic.post(attended("09:00"));
       }},
      {"session-noshow-excused", "Appointment/b1",
       [](World& w) {
         w.order();
         w.clinic.post(absent("excused"));
       }},
      {"session-noshow-unexcused", "Appointment/b1",
       [](World& w) {
         w.order();
         w.clinic.post(absent("unexcused"));
       }},
      {"session-entered-in-error", "Encounter/",
       [](World& w) {
         w.ready();
         w.clinic.post(attended("12:00", "entered-in-error"));
       }},
      {"claim-draft", "Claim/",
       [](World& w) {
         w.order();
         w.clinic.post(attended());
       }},
      {"claim-ready", "Claim/", [](World& w) { w.ready(); }},
      {"claim-pulled", "Claim/", [](World& w) { w.pulled(); }},
      {"claim-acknowledged", "Claim/",
       [](World& w) {
         w.pulled();
         w.answer(",'outcome':'queued'");
       }},
      {"claim-paid", "Claim/",
       [](World& w) {
         w.pulled();
         w.answer(
             ",'outcome':'complete','payment':{'amount':{'value':394.00,"
             "'currency':'USD'}}");
       }},
      {"claim-denied", "Claim/",
       [](World& w) {
         w.pulled();
         w.answer(
             ",'outcome':'complete','payment':{'amount':{'value':0,"
             "'currency':'USD'}}");
       }},
      {"claim-replaced", "Claim/",
       [](World& w) {
         w.pulled();
         w.answer(",'outcome':'queued'");
         w.clinic.post(attended("13:00"));
       }},
      {"claim-voided", "Claim/",
       [](World& w) {
         w.pulled();
         w.answer(",'outcome':'queued'");
         w.clinic.post(attended("12:00", "entered-in-error"));
       }},
      {"claim-withdrawn", "Claim/",
       [](World& w) {
         w.ready();
         w.clinic.post(attended("12:00", "entered-in-error"));
       }},
      {"episode-planned", "EpisodeOfCare/", [](World& w) { w.order(); }},
      {"episode-active", "EpisodeOfCare/", [](World& w) { w.ready(); }},
      {"episode-on-hold", "EpisodeOfCare/",
       [](World& w) {
         w.ready();
         w.episode(",'status':'onhold'");
       }},
      {"episode-finished", "EpisodeOfCare/",
       [](World& w) {
         w.ready();
         w.episode(
             ",'status':'finished','extension':[{'url':"
             "'https://workgate.example/fhir/StructureDefinition/"
             "discharge-reason','valueCodeableConcept':{'coding':[{'system':"
             "'https://workgate.example/fhir/CodeSystem/discharge-reason',"
             "'code':'plateau'}]}}]");
       }},
      {"episode-cancelled", "EpisodeOfCare/",
       [](World& w) {
         w.order();
         w.order({.status = "revoked"});
       }},
  };
  return kRows;
}

std::vector<Json> codings(Json concept_) {
  std::vector<Json> all;
  for (const Json one : concept_.get("coding")) all.push_back(one);
  return all;
}

bool is_about(Json provenance, const Row& row) {
  bool of = false;
  for (const Json target : provenance.get("target")) {
    of |= target.get("reference").text().starts_with(row.target);
  }
  for (const auto& one : codings(provenance.get("activity"))) {
    if (of && one.get("code").text() == row.state) return true;
  }
  return false;
}

class TransitionTest : public testing::TestWithParam<Row> {};

TEST_P(TransitionTest, SaysWhoWhenUnderWhichPacksAndWhy) {
  World world;
  GetParam().story(world);
  int found = 0;
  for (const auto& one : world.clinic.all("Provenance")) {
    const Json root = one->root();
    if (!is_about(root, GetParam())) continue;
    ++found;
    EXPECT_EQ(root.find("agent.who.display").text(), "Workgate");
    EXPECT_EQ(root.find("agent.onBehalfOf.identifier.value").text(), "ehr");
    EXPECT_EQ(root.get("recorded").text(), utc_text(world.clinic.now_));
    EXPECT_GT(root.get("policy").size(), 0U);
    for (const Json policy : root.get("policy")) {
      EXPECT_THAT(std::string(policy.text()), testing::HasSubstr("|20"));
    }
    EXPECT_GT(root.get("reason").size(), 0U);
  }
  EXPECT_GE(found, 1);
  // And no more than once.
  const auto count = world.clinic.all("Provenance").size();
  EXPECT_TRUE(world.clinic.run().resources.empty());
  EXPECT_EQ(world.clinic.all("Provenance").size(), count);
}

INSTANTIATE_TEST_SUITE_P(States, TransitionTest, testing::ValuesIn(rows()),
                         [](const auto& row) {
                           std::string name = row.param.state;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(TransitionsTest, CoverEveryStateThatThereIs) {
  std::ifstream in(std::string(GATEWAY_SOURCE_DIR) +
                   "/fhir-profiles/CodeSystem-life-cycle.json");
  const auto system =
      parse_shared(std::string(std::istreambuf_iterator<char>(in), {}));
  ASSERT_TRUE(system.ok());
  std::set<std::string> known, proved;
  for (const Json one : (*system)->root().get("concept")) {
    known.emplace(one.get("code").text());
  }
  for (const auto& row : rows()) proved.insert(row.state);
  EXPECT_EQ(known, proved);
}

// Whoever read the claim did so before the gateway next looked at the case.
TEST(TransitionsTest, APullIsTheClearinghousesDoing) {
  episode::Case facts;
  const auto at = *parse_instant("2026-04-09T08:30:00Z");
  facts.apply_pull("Claim/1", 2, "demo-clearinghouse", at);
  facts.apply_pull("Claim/1", 3, "another", at + std::chrono::hours(1));
  const auto& pull = facts.pulls().at("Claim/1");
  EXPECT_EQ(pull.version, 3U);
  EXPECT_EQ(pull.partner, "demo-clearinghouse");
  EXPECT_EQ(pull.at, at);
}

TEST(TransitionsTest, TheReasonOfADischargeIsRecorded) {
  World world;
  rows().at(rows().size() - 2).story(world);
  for (const auto& one : world.clinic.all("Provenance")) {
    const Json root = one->root();
    if (!is_about(root, rows().at(rows().size() - 2))) continue;
    EXPECT_EQ(root.find("reason.coding.code").text(), "discharge/plateau");
    return;
  }
  FAIL();
}

}  // namespace
}  // namespace gateway::billing
