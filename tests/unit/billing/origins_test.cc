#include "billing/origins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(OriginsTest, WhatRestsOnTheSameSharesAProvenance) {
  program::PolicyPack pack;
  pack.id = "demo";
  pack.version = "3";
  program::Policy policy;
  policy.packs.push_back(std::make_shared<const program::PolicyPack>(pack));
  Origins origins("https://workgate.example/fhir");
  origins.add("Claim/1/_history/1",
              {{"Procedure/s"}, &policy, {"claim-ready", {}}, "bill|1"});
  origins.add("Encounter/1/_history/1",
              {{"Procedure/s"}, &policy, {"session-billable", {}}, "visit|1"});
  origins.add("Task/1/_history/1", {{"Procedure/a"}, nullptr, {}, {}});
  const auto bodies = origins.bodies();
  ASSERT_EQ(bodies.size(), 2U);
  EXPECT_THAT(bodies[0].targets, ElementsAre("Task/1/_history/1"));
  EXPECT_THAT(bodies[0].policies, IsEmpty());
  EXPECT_THAT(bodies[0].states, IsEmpty());
  EXPECT_THAT(bodies[1].targets,
              ElementsAre("Claim/1/_history/1", "Encounter/1/_history/1"));
  EXPECT_THAT(bodies[1].policies,
              ElementsAre("https://workgate.example/fhir/PolicyPack/demo|3"));
  EXPECT_THAT(bodies[1].states, ElementsAre("claim-ready", "session-billable"));
  EXPECT_THAT(bodies[1].maps, ElementsAre("bill|1", "visit|1"));
}

TEST(OriginsTest, OneThatGoesThroughTwoStatesAtOnceIsOneTarget) {
  Origins origins("base");
  const std::string order = "ServiceRequest/r/_history/2";
  origins.add(order, {{order}, nullptr, {"referral-corrected", {}}, {}});
  origins.add(order, {{order}, nullptr, {"referral-accepted", {}}, {}});
  const auto bodies = origins.bodies();
  ASSERT_EQ(bodies.size(), 1U);
  EXPECT_THAT(bodies[0].targets, ElementsAre(order));
  EXPECT_THAT(bodies[0].states,
              ElementsAre("referral-corrected", "referral-accepted"));
}

}  // namespace
}  // namespace gateway::billing
