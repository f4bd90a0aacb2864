#include "billing/intake.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

std::vector<std::string> rules(const std::vector<IntakeWarning>& warnings) {
  std::vector<std::string> found;
  for (const auto& one : warnings) found.push_back(one.finding.rule);
  return found;
}

class IntakeTest : public ::testing::Test {
 protected:
  std::vector<IntakeWarning> warned(const std::string& visits) {
    clinic_.store_parties();
    clinic_.store(order_json({}));
    clinic_.store(grant_json({.visits = visits}));
    const auto facts = clinic_.facts();
    return intake_warnings(decide(facts, clinic_.programs_, clinic_.now_));
  }

  Clinic clinic_;
};

TEST_F(IntakeTest, FewerVisitsThanOrderedConcernOrderAndGrant) {
  const auto warnings = warned("12");
  ASSERT_EQ(rules(warnings),
            std::vector<std::string>{"ledger/fewer-than-ordered"});
  EXPECT_TRUE(warnings[0].concerns("ServiceRequest/r1"));
  EXPECT_TRUE(warnings[0].concerns("ClaimResponse/a1"));
  EXPECT_FALSE(warnings[0].concerns("Coverage/c1"));
  EXPECT_EQ(warnings[0].finding.severity, fhir::Severity::warning);
}

TEST_F(IntakeTest, AnUnusualNumberOfVisitsConcernsTheGrant) {
  const auto warnings = warned("24");
  ASSERT_EQ(rules(warnings),
            std::vector<std::string>{"clinic-work-conditioning/A7"});
  EXPECT_TRUE(warnings[0].concerns("ClaimResponse/a1"));
  EXPECT_FALSE(warnings[0].concerns("ServiceRequest/r1"));
}

TEST_F(IntakeTest, NothingIsSaidOfWhatIsUsual) {
  EXPECT_TRUE(warned("20").empty());
}

}  // namespace
}  // namespace gateway::billing
