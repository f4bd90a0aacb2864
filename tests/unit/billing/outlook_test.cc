#include "billing/outlook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "billing/explain.h"
#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using testing::Contains;

// "name=value" of each part of the groups of that name.
std::vector<std::string> parts(const std::string& text,
                               std::string_view group) {
  std::vector<std::string> found;
  const auto document = parse_shared(text);
  for (const Json one : (*document)->root().get("parameter")) {
    if (one.get("name").text() != group) continue;
    for (const Json part : one.get("part")) {
      std::string value(part.get("valueString").text());
      if (value.empty()) value = part.get("valueDecimal").raw();
      if (value.empty()) value = part.find("valueReference.reference").text();
      found.push_back(std::string(part.get("name").text()) + "=" + value);
    }
  }
  return found;
}

TEST(OutlookTest, TheChecklistSaysWhereThingsStand) {
  Clinic clinic;
  clinic.now_ = *parse_instant("2026-04-10T12:00:00Z");
  clinic.store_parties();
  clinic.store(grant_json({}));
  clinic.store(order_json({}));
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-06T08:00:00-05:00",
                            .end = "2026-04-06T10:00:00-05:00"}));
  const auto text =
      *checklist(clinic.facts(), clinic.programs_, "r1", clinic.now_);
  const auto states = parts(text, "state");
  EXPECT_THAT(states, Contains("code=referral-accepted"));
  EXPECT_THAT(states, Contains("code=authorization-active"));
  EXPECT_THAT(states, Contains("code=session-billable"));
  EXPECT_THAT(states, Contains("code=episode-active"));
  const auto schedule = parts(text, "schedule");
  EXPECT_THAT(schedule, Contains("leadDays=7"));  // 30 March to 6 April
  EXPECT_THAT(schedule, Contains("booked=0"));
  EXPECT_THAT(schedule, Contains("authorizationRequired=true"));
  EXPECT_THAT(parts(text, "estimate"), Contains("visits=12"));
}

// A slot that is too short is refused, and the checklist says so of its row.
TEST(OutlookTest, TheChecklistJudgesOpenSlots) {
  Clinic clinic;
  clinic.now_ = *parse_instant("2026-04-10T12:00:00Z");
  clinic.store_parties();
  clinic.store(grant_json({}));
  clinic.store(order_json({}));
  const auto slot = [&](const std::string& end) {
    clinic.post(
        "{'resourceType':'Appointment','id':'b1','status':'booked','start':"
        "'2026-04-20T08:00:00-05:00','end':'2026-04-20T" +
        end +
        ":00-05:00','basedOn':[{'reference':'ServiceRequest/r1'}],"
        "'participant':[{'actor':{'reference':'Practitioner/therapist'},"
        "'status':'accepted'}]}");
    return *checklist(clinic.facts(), clinic.programs_, "r1", clinic.now_);
  };
  const auto status = [](const std::string& text) {
    const auto document = parse_shared(text);
    for (const Json one : (*document)->root().get("parameter")) {
      std::string said;
      bool asked = false;
      for (const Json part : one.get("part")) {
        const auto name = part.get("name").text();
        const auto value = part.get("valueString").text();
        asked |= name == "id" && value == "clinic-work-conditioning/A12";
        if (name == "status") said = part.get("valueCode").text();
        if (name == "status" && said.empty()) said = value;
      }
      if (asked) return said;
    }
    return std::string("no such row");
  };
  const auto refused = slot("09:30");
  EXPECT_EQ(status(refused), "unmet");
  EXPECT_THAT(parts(refused, "schedule"), Contains("booked=0"));
  EXPECT_THAT(parts(refused, "state"), Contains("code=session-held"));
  const auto booked = slot("11:00");
  EXPECT_EQ(status(booked), "met");
  EXPECT_THAT(parts(booked, "schedule"), Contains("booked=1"));
}

TEST(OutlookTest, AClaimSaysItsState) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(grant_json({}));
  clinic.store(order_json({}));
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-06T08:00:00-05:00",
                            .end = "2026-04-06T10:00:00-05:00"}));
  const auto claim = clinic.all("Claim").at(0);
  const auto text = explain_claim(clinic.facts(), clinic.programs_,
                                  claim->root().get("id").text(), clinic.now_)
                        ->parameters;
  const auto states = parts(text, "state");
  EXPECT_THAT(states, Contains("code=claim-ready"));
  EXPECT_THAT(states, Contains("code=session-billable"));
}

}  // namespace
}  // namespace gateway::billing
