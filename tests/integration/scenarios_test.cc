// The worked scenarios from end to end and to the cent: an EHR posts the
// referral and its sessions, the clearinghouse reads the active claims.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/json.h"
#include "integration/running_gateway.h"
#include "integration/scratch_site.h"

namespace gateway::integration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Changes = std::vector<std::pair<std::string, std::string>>;

std::string all_replaced(std::string text, const std::string& from,
                         const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// One stretch of a session: Chicago's wall clock in summer time.
struct Stretch {
  std::string date;
  std::string from;
  std::string to;
  std::string cpt{};  // another service than the program where not empty
};

class Scenario {
 public:
  // With these changes of the demo's gateway.yaml, for this program.
  explicit Scenario(const Changes& changes = {},
                    std::string program = "work-conditioning")
      : program_(std::move(program)) {
    for (const auto& [from, to] : changes) {
      site_.change("config/gateway.yaml", from, to);
    }
    gateway_.emplace(site_.path("config/gateway.yaml"));
  }

  void refer(const Changes& changes = {}) {
    auto text = demo("referral.json");
    for (const auto& [from, to] : changes) text = all_replaced(text, from, to);
    post(text);
  }

  void attend(const Stretch& stretch) {
    auto text = demo("session-1-monday.json");
    text = with(text, "S-2026-04-06",
                "S-" + stretch.date + "-" + stretch.from + stretch.cpt);
    text = with(text, "2026-04-06T08:00", stretch.date + "T" + stretch.from);
    text = with(text, "2026-04-06T10:00", stretch.date + "T" + stretch.to);
    if (!stretch.cpt.empty()) {
      text = with(text, "https://workgate.example/fhir/CodeSystem/program",
                  "http://www.ama-assn.org/go/cpt");
      text = with(text, "\"work-conditioning\"", "\"" + stretch.cpt + "\"");
    }
    post(text);
  }

  // A further authorization of the same referral.
  void grant(const Changes& changes) {
    auto text = demo("referral.json");
    for (const auto& [from, to] : changes) text = all_replaced(text, from, to);
    // The parties are there already; the order and its condition are too.
    for (const auto* type : {"Condition", "Coverage", "ServiceRequest"}) {
      const auto found = gateway_->get("/fhir/" + std::string(type));
      const Json resource = found.root().find("entry.resource");
      known_[type] =
          std::string(type) + "/" + std::string(resource.get("id").text());
    }
    const auto bundle = parse_shared(text);
    ASSERT_TRUE(bundle);
    for (const Json entry : (*bundle)->root().get("entry")) {
      const auto answer = entry.get("resource");
      if (answer.get("resourceType").text() != "ClaimResponse") continue;
      auto body = std::string(answer.raw());
      body = with(body, "urn:uuid:00000000-0000-4000-8000-000000000011",
                  known_["ServiceRequest"]);
      body = with(body, "urn:uuid:00000000-0000-4000-8000-000000000001",
                  reference("ServiceRequest", "subject"));
      body = with(body, "urn:uuid:00000000-0000-4000-8000-000000000002",
                  reference("Coverage", "payor"));
      const auto reply = gateway_->post("/fhir/ClaimResponse", body);
      EXPECT_EQ(reply.status, 201) << reply.body;
    }
  }

  // What the clearinghouse reads, by date: "04-06 97545x1 210.00 PA-7001".
  std::vector<std::string> claims() {
    const auto found = gateway_->get("/fhir/Claim?status=active&use=claim",
                                     "demo-clearinghouse");
    std::vector<std::string> texts;
    for (const Json entry : found.root().get("entry")) {
      const Json claim = entry.get("resource");
      std::string text(claim.find("item.servicedDate").text().substr(5));
      for (const Json item : claim.get("item")) {
        text +=
            " " + std::string(item.find("productOrService.coding.code").text());
        for (const Json modifier : item.get("modifier")) {
          text += "-" + std::string(modifier.find("coding.code").text());
        }
        text += "x" + std::string(item.find("quantity.value").text());
      }
      text += " " + std::string(claim.find("total.value").text()) + " " +
              std::string(claim.find("insurance.preAuthRef").text());
      texts.push_back(std::move(text));
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  // "TASK: its rules" of each open Task.
  std::vector<std::string> open_tasks() {
    const auto found = gateway_->get("/fhir/Task?status=requested");
    std::vector<std::string> texts;
    for (const Json entry : found.root().get("entry")) {
      const Json task = entry.get("resource");
      if (task.get("resourceType").text() != "Task") continue;
      std::string text(task.find("code.coding.code").text());
      for (const Json input : task.get("input")) {
        text += " " + std::string(input.find("type.coding.code").text());
      }
      texts.push_back(std::move(text));
    }
    return texts;
  }

  std::string count(const std::string& query) {
    const auto found = gateway_->get("/fhir/" + query);
    return std::string(found.root().get("total").text());
  }

 private:
  void post(const std::string& body) {
    const auto reply = gateway_->post(
        "/fhir",
        all_replaced(body, "\"work-conditioning\"", "\"" + program_ + "\""));
    EXPECT_EQ(reply.status, 200) << reply.body;
  }

  std::string reference(const std::string& type, const std::string& member) {
    const auto found = gateway_->get("/fhir/" + known_[type]);
    return std::string(found.root().find(member + ".reference").text());
  }

  std::string program_;
  ScratchSite site_;
  std::optional<RunningGateway> gateway_;
  std::map<std::string, std::string> known_;
};

std::pair<std::string, std::string> overriding(const std::string& knobs) {
  return {"overrides: {}\n\n# Whether",
          "overrides: " + knobs + "\n\n# Whether"};
}

TEST(ScenarioS1Test, ACleanWeekOnEveryBoundary) {
  Scenario scenario;
  scenario.refer();
  scenario.attend({"2026-04-06", "08:00", "10:00"});
  scenario.attend({"2026-04-07", "08:00", "10:29"});
  scenario.attend({"2026-04-08", "08:00", "10:30"});
  scenario.attend({"2026-04-09", "08:00", "10:31"});
  scenario.attend({"2026-04-10", "08:00", "13:00"});
  EXPECT_THAT(scenario.claims(),
              ElementsAre("04-06 97545x1 210.00 PA-7001",
                          "04-07 97545x1 210.00 PA-7001",
                          "04-08 97545x1 210.00 PA-7001",
                          "04-09 97545x1 97546x1 302.00 PA-7001",
                          "04-10 97545x1 97546x3 486.00 PA-7001"));
}

struct ShortSessions {
  std::string name;
  Changes changes;
  std::vector<std::string> claims;
  std::size_t tasks;
};

// Of 105, 60 and 61 minutes. None bills a further hour alone.
TEST(ScenarioS2Test, ShortSessionsByThreePolicies) {
  const ShortSessions rows[] = {
      {"the clinic's two hours", {}, {}, 3},
      {"from the middle of an hour on",
       {overriding("{clinic-work-conditioning: {minSessionMinutes: 0}, "
                   "cpt-97545-97546: {unitRule: MIDPOINT}}")},
       {"04-13 97545x1 210.00 PA-7001", "04-15 97545x1 210.00 PA-7001"},
       0},
      {"completed hours only",
       {overriding("{clinic-work-conditioning: {minSessionMinutes: 0}, "
                   "cpt-97545-97546: {unitRule: COMPLETED}}")},
       {},
       0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Scenario scenario(row.changes);
    scenario.refer();
    scenario.attend({"2026-04-13", "08:00", "09:45"});
    scenario.attend({"2026-04-14", "08:00", "09:00"});
    scenario.attend({"2026-04-15", "08:00", "09:01"});
    EXPECT_EQ(scenario.claims(), row.claims);
    const auto tasks = scenario.open_tasks();
    EXPECT_EQ(tasks.size(), row.tasks) << testing::PrintToString(tasks);
    for (const auto& task : tasks) {
      EXPECT_THAT(task, HasSubstr("review-session clinic-work-conditioning/"));
    }
  }
}

TEST(ScenarioS3Test, ALunchBreakIsOneVisit) {
  Scenario scenario;
  scenario.refer();
  scenario.attend({"2026-04-14", "08:00", "10:20"});
  scenario.attend({"2026-04-14", "11:05", "13:15"});
  EXPECT_THAT(scenario.claims(),
              ElementsAre("04-14 97545x1 97546x2 394.00 PA-7001"));
  EXPECT_EQ(scenario.count("Encounter?status=finished"), "1");
}

// Four visits for five days, and an extension that comes afterwards.
void exhausted_week(Scenario& scenario, const std::string& extension_from) {
  scenario.refer({{"PA-7001", "PA-7781"},
                  {"\"value\": 12", "\"value\": 4"},
                  {"2026-04-01", "2026-05-04"}});
  for (const auto* day : {"04", "05", "06", "07", "08"}) {
    scenario.attend({std::string("2026-05-") + day, "08:00", "11:00"});
  }
  EXPECT_EQ(scenario.claims().size(), 4U);
  EXPECT_THAT(scenario.open_tasks(),
              ElementsAre(HasSubstr("obtain-authorization ledger/exhausted")));
  scenario.grant({{"PA-7001", "PA-7781E"},
                  {"\"value\": 12", "\"value\": 4"},
                  {"2026-03-31T14:00:00", "2026-05-11T09:00:00"},
                  {"2026-04-01", extension_from},
                  {"2026-05-15", "2026-05-29"}});
}

const std::vector<std::string> kFourDays = {
    "05-04 97545x1 97546x1 302.00 PA-7781",
    "05-05 97545x1 97546x1 302.00 PA-7781",
    "05-06 97545x1 97546x1 302.00 PA-7781",
    "05-07 97545x1 97546x1 302.00 PA-7781"};

TEST(ScenarioS5Test, AnExtensionThatReachesBackBillsOnAClaimOfItsOwn) {
  const Changes allowed = {
      overriding("{clinic-work-conditioning: {retroAuthAllowed: true}}")};
  Scenario scenario(allowed);
  exhausted_week(scenario, "2026-05-08");
  auto wanted = kFourDays;
  wanted.emplace_back("05-08 97545x1 97546x1 302.00 PA-7781E");
  EXPECT_EQ(scenario.claims(), wanted);
  EXPECT_THAT(scenario.open_tasks(), IsEmpty());
}

TEST(ScenarioS5Test, AnExtensionDoesNotReachBackWhereThePackForbidsIt) {
  const Changes forbidden = {
      overriding("{clinic-work-conditioning: {retroAuthAllowed: false}}")};
  Scenario scenario(forbidden);
  exhausted_week(scenario, "2026-05-08");
  EXPECT_EQ(scenario.claims(), kFourDays);
  EXPECT_THAT(scenario.open_tasks(),
              ElementsAre(HasSubstr("obtain-authorization")));
}

TEST(ScenarioS5Test, AnExtensionThatBeginsLaterReleasesNothing) {
  const Changes allowed = {
      overriding("{clinic-work-conditioning: {retroAuthAllowed: true}}")};
  Scenario scenario(allowed);
  exhausted_week(scenario, "2026-05-11");
  EXPECT_EQ(scenario.claims(), kFourDays);
  EXPECT_THAT(scenario.open_tasks(),
              ElementsAre(HasSubstr("obtain-authorization")));
}

struct SameDay {
  std::string name;
  Changes changes;
  std::string program;
  std::string last;
  std::string claim;
};

TEST(ScenarioS9Test, OtherServicesOfTheSameDay) {
  const std::pair<std::string, std::string> louisiana = {
      "work-conditioning: clinic-work-conditioning",
      "work-conditioning: louisiana"};
  const std::pair<std::string, std::string> accepting = {
      "acceptUnverified: false", "acceptUnverified: true"};
  const SameDay rows[] = {
      {"Optum, 55 minutes",
       {},
       "work-hardening",
       "13:55",
       "04-21 97545x1 97546x1 97110x3 97530x1 498.00 PA-7001"},
      {"Optum, exactly an hour",
       {},
       "work-hardening",
       "14:00",
       "04-21 97545x1 97546x1 302.00 PA-7001"},
      {"the clinic",
       {},
       "work-conditioning",
       "13:55",
       "04-21 97545x1 97546x1 302.00 PA-7001"},
      {"Louisiana",
       {louisiana, accepting},
       "work-conditioning",
       "13:55",
       "04-21 97545x1 97546x1 302.00 PA-7001"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Scenario scenario(row.changes, row.program);
    scenario.refer();
    scenario.attend({"2026-04-21", "09:00", "12:00"});
    scenario.attend({"2026-04-21", "13:00", "13:40", "97110"});
    scenario.attend({"2026-04-21", "13:40", row.last, "97530"});
    EXPECT_THAT(scenario.claims(), ElementsAre(row.claim));
    for (const auto& task : scenario.open_tasks()) ADD_FAILURE() << task;
  }
}

TEST(ScenarioS11Test, QuartersWhereTheSiteAcceptsWhatNobodyVerified) {
  const Changes texas = {{"work-conditioning: clinic-work-conditioning",
                          "work-conditioning: texas-dwc"},
                         {"acceptUnverified: false", "acceptUnverified: true"}};
  Scenario scenario(texas);
  scenario.refer();
  scenario.attend({"2026-04-13", "08:00", "10:45"});
  scenario.attend({"2026-04-14", "08:00", "10:22"});
  scenario.attend({"2026-04-15", "08:00", "10:23"});
  EXPECT_THAT(scenario.claims(),
              ElementsAre("04-13 97545-WCx1 97546-WCx0.75 279.00 PA-7001",
                          "04-14 97545-WCx1 97546-WCx0.25 233.00 PA-7001",
                          "04-15 97545-WCx1 97546-WCx0.5 256.00 PA-7001"));
}

TEST(ScenarioS11Test, NothingOfItIsBilledByDefault) {
  const Changes texas = {{"work-conditioning: clinic-work-conditioning",
                          "work-conditioning: texas-dwc"}};
  Scenario scenario(texas);
  scenario.refer();
  scenario.attend({"2026-04-13", "08:00", "10:45"});
  EXPECT_THAT(scenario.claims(), IsEmpty());
  EXPECT_EQ(scenario.count("Claim?status=draft"), "1");
}

}  // namespace
}  // namespace gateway::integration
