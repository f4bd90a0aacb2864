// What the dates and the minutes of a session do to its bill: injuries that
// came later, breaks, and minutes that make no unit.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string three_hours(const std::string& id, const std::string& date) {
  return session_json({.id = id,
                       .start = date + "T08:00:00-05:00",
                       .end = date + "T11:00:00-05:00"});
}

TEST(TimedHoldsTest, AnInjuryAfterTheSessionWarns) {
  Clinic clinic;
  clinic.store_parties();
  for (auto party : party_jsons()) {
    const auto at = party.find("2025-11-18");
    if (at == std::string::npos) continue;
    clinic.store(party.replace(at, 10, "2026-04-14"));
  }
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  clinic.post(three_hours("s1", "2026-04-14"));
  clinic.post(three_hours("s2", "2026-04-13"));
  std::vector<std::string> warned;
  const auto plan = clinic.plan();
  for (const auto& visit : plan.visits) {
    for (const auto& one : visit.judgements) {
      if (one.rule != "condition/injury-after-session") continue;
      EXPECT_FALSE(one.holds());
      warned.push_back(visit.date.text());
    }
  }
  EXPECT_THAT(warned, ElementsAre("2026-04-13"));
}

// The break stands in the Encounter; the session refers to it.
TEST(TimedHoldsTest, TheBreaksOfItsEncounterAreBreaksOfTheSession) {
  const auto billed = [](const std::string& end) {
    Clinic clinic;
    clinic.store_parties();
    clinic.post(order_json({}));
    clinic.post(grant_json({}));
    clinic.post(
        "{'resourceType':'Encounter','id':'e1','identifier':[{'system':"
        "'urn:ehr','value':'e1'}],'status':'finished','class':{'code':'AMB'},"
        "'subject':{'reference':'Patient/p1'},'period':{'start':"
        "'2026-04-13T08:00:00-05:00','end':'2026-04-13T13:00:00-05:00'},"
        "'statusHistory':[{'status':'onleave','period':{'start':"
        "'2026-04-13T12:00:00-05:00'" +
        end + "}}]}");
    auto session = session_json({.id = "s1",
                                 .start = "2026-04-13T08:00:00-05:00",
                                 .end = "2026-04-13T13:00:00-05:00"});
    session.insert(session.size() - 1,
                   ",'encounter':{'reference':'Encounter/e1'}");
    clinic.post(session);
    return clinic.claims();
  };
  EXPECT_THAT(billed(",'end':'2026-04-13T12:45:00-05:00'"),
              ElementsAre("active 97545x1 97546x2 394.00 PA-7001"));
  // Nobody says that the patient came back.
  EXPECT_THAT(billed(""), ElementsAre("active 97545x1 97546x2 394.00 PA-7001"));
}

// --- minutes that make no unit

struct Unitless {
  const char* name;
  std::map<std::string, std::string> knobs;
  const char* end;
  const char* task;  // of the session; empty where it is settled
  const char* rule;
};

class UnitlessTest : public ::testing::TestWithParam<Unitless> {};

TEST_P(UnitlessTest, SaysWhyThereIsNoClaim) {
  const auto& row = GetParam();
  auto site = demo_site();
  auto& overrides = site.overrides["clinic-work-conditioning"];
  overrides = row.knobs;
  overrides["minSessionMinutes"] = "0";
  Clinic clinic(std::move(site));
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  clinic.post(session_json(
      {.id = "s1",
       .start = "2026-04-13T08:00:00-05:00",
       .end = std::string("2026-04-13T") + row.end + ":00-05:00"}));
  EXPECT_THAT(clinic.claims(), IsEmpty());
  std::vector<std::string> tasks;
  if (*row.task != 0) tasks.emplace_back(row.task);
  EXPECT_EQ(clinic.open_tasks(), tasks);
  const auto plan = clinic.plan();
  const auto& judged = plan.visits.front().judgements;
  EXPECT_TRUE(std::any_of(judged.begin(), judged.end(), [&](const auto& one) {
    return one.rule == row.rule && one.holds() == (*row.task != 0);
  }));
}

INSTANTIATE_TEST_SUITE_P(
    Minutes, UnitlessTest,
    ::testing::Values(Unitless{"OpenTieOfAFurtherHour",
                               {{"unitRule", "NEAREST"}, {"tie", "HOLD"}},
                               "10:30",
                               "Procedure/s1 review-session: billing/tie",
                               "billing/tie"},
                      Unitless{"OpenTieOfTheFirstUnit",
                               {{"unitRule", "NEAREST"}, {"tie", "HOLD"}},
                               "09:00",
                               "Procedure/s1 review-session: billing/tie",
                               "billing/tie"},
                      Unitless{"TieThatIsRoundedDown",
                               {{"unitRule", "NEAREST"}, {"tie", "DOWN"}},
                               "09:00",
                               "",
                               "billing/no-units"},
                      Unitless{
                          "ShorterThanTheFirstQuarterRuleUnit",
                          {{"unitRule", "QUARTER"}},
                          "09:45",
                          "Procedure/s1 review-session: billing/under-minimum",
                          "billing/under-minimum"},
                      Unitless{"NotCompleted",
                               {{"unitRule", "COMPLETED"}},
                               "09:59",
                               "",
                               "billing/no-units"},
                      Unitless{"NotPastTheMiddle",
                               {{"unitRule", "MIDPOINT"}},
                               "09:00",
                               "",
                               "billing/no-units"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace gateway::billing
