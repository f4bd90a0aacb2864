#include "billing/referrals.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(ReferralsTest, AViewKnowsItsCoveragePayerAndGrants) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({}));
  const auto facts = clinic.facts();
  Plan plan;
  view_referrals(facts, clinic.programs_, clinic.now_, plan);
  ASSERT_EQ(plan.referrals.size(), 1U);
  const auto& view = plan.referrals[0];
  EXPECT_EQ(view.coverage->claim_number, "WC-2026-000417");
  EXPECT_EQ(view.insurer, "Organization/payer");
  EXPECT_EQ(view.program, Program::work_conditioning);
  EXPECT_EQ(view.injury->text(), "2025-11-18");
  EXPECT_EQ(view.grants.size(), 1U);
  EXPECT_FALSE(view.held);
  EXPECT_EQ(view_of(plan, facts, "ServiceRequest/r1"), &view);
  EXPECT_EQ(view_of(plan, facts, "ServiceRequest/r9"), nullptr);
}

// Two o'clock at night in Greenwich is the evening before in Chicago.
TEST(ReferralsTest, AnInstantIsOfTheFacilitysDay) {
  Clinic clinic;
  clinic.store_parties();
  for (auto party : party_jsons()) {
    const auto at = party.find("2025-11-18");
    if (at == std::string::npos) continue;
    clinic.store(party.replace(at, 10, "2025-11-19T02:00:00Z"));
  }
  clinic.store(order_json({}));
  const auto plan = clinic.plan();
  EXPECT_EQ(plan.referrals.at(0).injury->text(), "2025-11-18");
}

TEST(ReferralsTest, FewerVisitsThanOrderedWarn) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({}));
  const auto facts = clinic.facts();
  const auto plan = decide(facts, clinic.programs_, clinic.now_);
  std::string seen;
  for (const auto* one : plan.unmet()) {
    if (one->rule != "ledger/fewer-than-ordered") continue;
    const auto finding = one->finding();
    seen = finding.wanted + ", " + finding.seen;
    EXPECT_FALSE(one->holds());
  }
  EXPECT_EQ(seen, "20 ordered, 12 authorized");
}

}  // namespace
}  // namespace gateway::billing
