#include "billing/settle.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using program::Fact;

TEST(SettleTest, HalfOfWhatIsGrantedMakesNotesDue) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({.visits = "3"}));
  for (int day = 6; day <= 8; ++day) {
    const auto date = LocalDate::from(2026, 4, day)->text();
    clinic.store(session_json({.id = "s" + std::to_string(day),
                               .start = date + "T08:00:00-05:00",
                               .end = date + "T11:00:00-05:00"}));
  }
  const auto plan = clinic.plan();
  ASSERT_EQ(plan.visits.size(), 3U);
  EXPECT_EQ(plan.visits[0].facts.value(Fact::session_past_half), 0);
  EXPECT_EQ(plan.visits[1].facts.value(Fact::session_past_half), 1);
  EXPECT_EQ(plan.visits[1].facts.value(Fact::session_ordinal), 2000);
  EXPECT_EQ(plan.visits[2].facts.value(Fact::week_ordinal), 3000);
  EXPECT_EQ(plan.visits[2].facts.value(Fact::week_attended), 3000);
  EXPECT_EQ(plan.visits[1].facts.value(Fact::week_attended), std::nullopt);
}

// What was given first counts hours: the half is of the visits that came later.
TEST(SettleTest, WhatCountsNoVisitsHasNoHalf) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({.to = "2026-04-04", .visits = "8", .unit = "HS"}));
  clinic.store(grant_json({.id = "a2",
                           .number = "PA-7002",
                           .created = "2026-04-02T10:00:00-05:00",
                           .visits = "2"}));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-06T08:00:00-05:00",
                             .end = "2026-04-06T11:00:00-05:00"}));
  const auto plan = clinic.plan();
  EXPECT_EQ(plan.visits.at(0).facts.value(Fact::session_past_half), 1);
}

// The evening of one day and the next day are one day in UTC alone.
TEST(SettleTest, TheDayOnWhichAPayerGaveIsTheSites) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({.created = "2026-03-31", .visits = "2"}));
  clinic.store(grant_json({.id = "a2",
                           .number = "PA-7002",
                           .created = "2026-03-31T20:00:00-05:00",
                           .to = "2026-05-20",
                           .visits = "4"}));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-06T08:00:00-05:00",
                             .end = "2026-04-06T11:00:00-05:00"}));
  const auto plan = clinic.plan();
  EXPECT_EQ(plan.visits.at(0).facts.value(Fact::session_past_half), 0);
}

TEST(SettleTest, ASessionUnderAHeldReferralIsHeldForItsReasons) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({.occurrence = ""}));
  clinic.store(grant_json({}));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-06T08:00:00-05:00",
                             .end = "2026-04-06T11:00:00-05:00"}));
  const auto plan = clinic.plan();
  ASSERT_EQ(plan.visits.size(), 1U);
  EXPECT_TRUE(plan.visits[0].held());
  EXPECT_FALSE(plan.visits[0].lines.empty());
  EXPECT_EQ(plan.visits[0].postings.at(0).to, "reserved");
}

// Whether a code is valid, the date of service says, not that of the order.
TEST(SettleTest, ADiagnosisIsJudgedByTheDateOfService) {
  const auto held = [](const std::string& written, const std::string& date) {
    Clinic clinic;
    clinic.store_parties();
    clinic.store(R"({'resourceType':'Condition','id':'d1','subject':)"
                 R"({'reference':'Patient/p1'},'code':{'coding':[{'system':)"
                 R"('http://hl7.org/fhir/sid/icd-10-cm','code':'M54.5'}]},)"
                 R"('onsetDateTime':'2021-02-01'})");
    auto order = order_json({});
    order.replace(order.find("2026-03-30"), 10, written);
    clinic.store(order);
    clinic.store(grant_json({.created = "2021-08-01T08:00:00-05:00",
                             .from = "2021-08-01",
                             .to = "2026-12-31"}));
    clinic.store(session_json({.id = "s1",
                               .start = date + "T08:00:00-05:00",
                               .end = date + "T11:00:00-05:00"}));
    const auto plan = clinic.plan();
    std::string rules;
    for (const auto& one : plan.visits.front().judgements) {
      if (one.holds()) rules += std::string(one.rule) + " ";
    }
    return rules;
  };
  EXPECT_EQ(held("2021-08-29", "2021-09-30"), "");
  EXPECT_EQ(held("2021-08-29", "2021-10-01"), "cpt-97545-97546/DX ");
  EXPECT_EQ(held("2026-03-30", "2021-09-30"), "");
  EXPECT_EQ(held("2026-03-30", "2026-04-06"), "cpt-97545-97546/DX ");
}

}  // namespace
}  // namespace gateway::billing
