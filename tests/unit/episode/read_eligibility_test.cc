#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

std::string response(const std::string& items,
                     const std::string& outcome = "complete") {
  return "{'resourceType':'CoverageEligibilityResponse','id':'e1','status':"
         "'active','patient':{'reference':'Patient/p1'},'created':"
         "'2026-04-01','insurer':{'reference':'Organization/payer'},"
         "'outcome':'" +
         outcome +
         "','preAuthRef':'PA-1','servicedPeriod':{'start':'2026-04-01','end':"
         "'2026-06-30'},'insurance':[{'coverage':{'reference':'Coverage/c1'},"
         "'item':[" +
         items + "]}]}";
}

std::string item(const std::string& code, const std::string& required) {
  return "{'productOrService':{'coding':[{'system':"
         "'http://www.ama-assn.org/go/cpt','code':'" +
         code + "'}]},'authorizationRequired':" + required + "}";
}

TEST(ReadEligibilityTest, SaysWhetherAnAuthorizationIsWanted) {
  const Read read(response(item("97545", "false")));
  const auto eligibility = read_eligibility(read.reading());
  EXPECT_TRUE(eligibility.valid);
  EXPECT_EQ(eligibility.patient, "Patient/p1");
  EXPECT_EQ(eligibility.insurer, "Organization/payer");
  EXPECT_EQ(eligibility.coverages, std::vector<std::string>{"Coverage/c1"});
  EXPECT_EQ(eligibility.number, "PA-1");
  EXPECT_EQ(eligibility.from->text(), "2026-04-01");
  EXPECT_EQ(eligibility.to->text(), "2026-06-30");
  ASSERT_TRUE(eligibility.authorization_required.has_value());
  EXPECT_FALSE(*eligibility.authorization_required);
}

TEST(ReadEligibilityTest, OneItemThatWantsItDecides) {
  const Read read(
      response(item("97545", "false") + "," + item("97546", "true")));
  EXPECT_EQ(read_eligibility(read.reading()).authorization_required, true);
}

TEST(ReadEligibilityTest, OtherServicesAndErrorsSayNothing) {
  const Read other(response(item("97110", "false")));
  EXPECT_FALSE(
      read_eligibility(other.reading()).authorization_required.has_value());
  const Read error(response(item("97545", "false"), "error"));
  EXPECT_FALSE(read_eligibility(error.reading()).valid);
}

}  // namespace
}  // namespace gateway::episode
