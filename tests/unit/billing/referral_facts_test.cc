#include "billing/referral_facts.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using program::Fact;

TEST(ReferralFactsTest, WhatAnOrderSays) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  const auto plan = clinic.plan();
  const auto& facts = plan.referrals.at(0).facts;
  EXPECT_EQ(facts.text(Fact::referral_by_attending), "yes");
  EXPECT_EQ(facts.text(Fact::referral_by_physician), "yes");
  EXPECT_EQ(facts.text(Fact::referral_per_week_low), "5");
  EXPECT_EQ(facts.text(Fact::referral_ordered_visits), "20");
  EXPECT_EQ(facts.text(Fact::referral_programmes), "1");
  EXPECT_EQ(facts.text(Fact::coverage_has_claim_number), "yes");
  EXPECT_EQ(facts.text(Fact::referral_region_allowed), "unknown");
}

TEST(ReferralFactsTest, ASecondProgramOfTheInjuryIsCounted) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  auto later = order_json({.id = "r2"});
  later.replace(later.find("2026-03-30"), 10, "2026-05-30");
  clinic.store(later);
  const auto counted = [&] {
    const auto plan = clinic.plan();
    return plan.referrals.at(0).facts.text(Fact::referral_programmes) + " " +
           plan.referrals.at(1).facts.text(Fact::referral_programmes);
  };
  // Nobody came to the first: it was no program.
  EXPECT_EQ(counted(), "1 1");
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-06T08:00:00-05:00",
                             .end = "2026-04-06T11:00:00-05:00"}));
  EXPECT_EQ(counted(), "1 2");
}

TEST(ReferralFactsTest, AnObservationThatWasTakenBackTellsOfNoWork) {
  const auto idle = [](const std::string& status) {
    Clinic clinic;
    clinic.store_parties();
    clinic.store(order_json({}));
    clinic.store("{'resourceType':'Observation','id':'w','status':'" + status +
                 "','subject':{'reference':'Patient/p1'},'code':{'coding':[{"
                 "'code':'work-status'}]},'effectiveDateTime':'2026-04-01',"
                 "'valueCodeableConcept':{'coding':[{'code':'not-working'}]}}");
    return clinic.plan().referrals.at(0).facts.text(Fact::referral_not_working);
  };
  EXPECT_EQ(idle("final"), "yes");
  EXPECT_EQ(idle("entered-in-error"), "unknown");
  EXPECT_EQ(idle("cancelled"), "unknown");
}

}  // namespace
}  // namespace gateway::billing
