// Real input: official example resources as the parties of a referral that
// becomes claims, or stored and held with the findings that belong to them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/official_resources.h"
#include "integration/running_gateway.h"

namespace gateway::integration {
namespace {

using testing::AnyOf;
using testing::Contains;

std::vector<std::string> open_reasons(RunningGateway& gateway,
                                      const std::string& focus) {
  std::vector<std::string> codes;
  const auto tasks = gateway.get("/fhir/Task?status=requested&focus=" + focus);
  for (const Json entry : tasks.root().get("entry")) {
    for (const Json input : entry.get("resource").get("input")) {
      codes.emplace_back(input.find("type.coding.code").text());
    }
  }
  return codes;
}

std::string quantity_of(Json claim, std::string_view code) {
  for (const Json item : claim.get("item")) {
    if (item.find("productOrService.coding.code").text() == code) {
      return std::string(item.find("quantity.value").text());
    }
  }
  return "0";
}

TEST(OfficialTest, PartiesOfAReferralAreCarriedToClaims) {
  const auto absence = real_input::absence();
  if (!absence.empty()) GTEST_SKIP() << absence;
  RunningGateway gateway;
  auto reply =
      gateway.post("/fhir", real_input::referral_of_official_parties());
  ASSERT_EQ(reply.status, 200) << reply.body;
  reply = gateway.post("/fhir", real_input::sessions_of_official_parties());
  ASSERT_EQ(reply.status, 200) << reply.body;
  const auto claims =
      gateway.get("/fhir/Claim?status=active", "demo-clearinghouse");
  for (const auto& expected : real_input::claims_of_official_parties()) {
    SCOPED_TRACE(expected.date);
    Json claim;
    for (const Json entry : claims.root().get("entry")) {
      const Json one = entry.get("resource");
      if (one.find("item.servicedDate").text() == expected.date) claim = one;
    }
    EXPECT_EQ(claim.find("total.value").text(), expected.total);
    EXPECT_EQ(quantity_of(claim, "97545"),
              std::to_string(expected.first_units));
    EXPECT_EQ(quantity_of(claim, "97546"),
              std::to_string(expected.further_units));
  }
}

void expect_held(const std::vector<real_input::Held>& cases) {
  for (const auto& held : cases) {
    SCOPED_TRACE(held.name);
    RunningGateway gateway;
    const auto reply = gateway.post("/fhir", held.message);
    EXPECT_THAT(reply.status, AnyOf(200, 201)) << reply.body;
    const auto reasons = open_reasons(gateway, held.focus);
    for (const auto& rule : held.rules) {
      EXPECT_THAT(reasons, Contains(rule));
    }
    const auto active = gateway.get("/fhir/Claim?status=active");
    EXPECT_EQ(active.root().get("total").text(), "0");
  }
}

TEST(OfficialTest, CoveragesThatAreNotCompensationAreHeld) {
  const auto absence = real_input::absence();
  if (!absence.empty()) GTEST_SKIP() << absence;
  expect_held(real_input::held_coverages());
}

TEST(OfficialTest, OrdersOfOtherServicesAreHeld) {
  const auto absence = real_input::absence();
  if (!absence.empty()) GTEST_SKIP() << absence;
  expect_held(real_input::held_referrals());
}

TEST(OfficialTest, PendedAndOtherAuthorizationsAreHeld) {
  const auto absence = real_input::absence();
  if (!absence.empty()) GTEST_SKIP() << absence;
  expect_held(real_input::held_authorizations());
}

TEST(PasShapesTest, DecideWhetherClaimsArePulled) {
  for (const auto& decision : real_input::decisions()) {
    SCOPED_TRACE(decision.name);
    RunningGateway gateway;
    const auto reply = gateway.post("/fhir", decision.message);
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto active = gateway.get("/fhir/Claim?status=active&use=claim");
    const auto drafts = gateway.get("/fhir/Claim?status=draft&use=claim");
    EXPECT_EQ(active.root().get("total").text(), decision.grants() ? "1" : "0");
    EXPECT_EQ(drafts.root().get("total").text(), decision.grants() ? "0" : "1");
    if (!decision.grants()) continue;
    const Json claim = active.root().find("entry.resource");
    EXPECT_EQ(claim.find("insurance.preAuthRef").text(), decision.number);
    EXPECT_EQ(claim.find("total.value").text(), "302.00");
  }
}

}  // namespace
}  // namespace gateway::integration
