#include "billing/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

void attend(Clinic& clinic) {
  clinic.store(order_json({}));
  clinic.store(grant_json({}));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T13:00:00-05:00"}));
}

TEST(LinesTest, ALineIsPricedAndKnowsItsRule) {
  Clinic clinic;
  clinic.store_parties();
  attend(clinic);
  auto plan = clinic.plan();
  const auto& lines = plan.visits.at(0).lines;
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].code, "97546");
  EXPECT_EQ(lines[1].quantity, 3000);
  EXPECT_EQ(lines[1].net->text(), "276.00");
  EXPECT_EQ(lines[1].rule, "cpt-97545-97546/unitRule");
}

TEST(LinesTest, ThePlaceOfServiceIsTheLocationsOwn) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(
      "{'resourceType':'Location','id':'l1','type':[{'coding':[{'system':"
      "'https://www.cms.gov/Medicare/Coding/place-of-service-codes/"
      "Place_of_Service_Code_Set','code':'24'}]}],'managingOrganization':{"
      "'reference':'Organization/clinic'}}");
  attend(clinic);
  const auto plan = clinic.plan();
  EXPECT_EQ(plan.visits.at(0).place_of_service, "24");
  EXPECT_TRUE(plan.claims.at(0).held);
}

TEST(LinesTest, ATechnicianNeverRenders) {
  Clinic clinic;
  clinic.store_parties();
  attend(clinic);
  auto session = session_json({.id = "s1",
                               .start = "2026-04-13T08:00:00-05:00",
                               .end = "2026-04-13T13:00:00-05:00"});
  session.replace(session.find("{'actor'"), 1,
                  "{'function':{'coding':[{'system':"
                  "'http://nucc.org/provider-taxonomy','code':"
                  "'2470A2800X'}]},");
  clinic.store(session);
  auto plan = clinic.plan();
  EXPECT_EQ(plan.visits.at(0).rendering, "");
  EXPECT_EQ(plan.visits.at(0).billing.at(0).rule, "billing/no-npi");
}

TEST(LinesTest, WhatOnlyWarnsDoesNotHold) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(
      "{'resourceType':'Organization','id':'clinic','identifier':[{"
      "'system':'http://hl7.org/fhir/sid/us-npi','value':"
      "'1234567893'}]}");
  attend(clinic);
  auto plan = clinic.plan();
  std::vector<std::string> rules;
  for (const auto& one : plan.visits.at(0).billing)
    rules.emplace_back(one.rule);
  EXPECT_THAT(rules,
              ::testing::ElementsAre("billing/no-tin", "billing/no-address"));
  EXPECT_FALSE(plan.claims.at(0).held);
}

}  // namespace
}  // namespace gateway::billing
