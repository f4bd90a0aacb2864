#include "episode/grant.h"

#include <gtest/gtest.h>

namespace gateway::episode {
namespace {

AuthorizedItem item(AuthorizedItem::Service service, const char* quantity,
                    const char* unit) {
  AuthorizedItem made;
  made.sequence = 1;
  made.service = service;
  if (*quantity != '\0') made.quantity = Decimal::parse(quantity);
  made.unit = unit;
  return made;
}

Authorization response(std::vector<AuthorizedItem> items) {
  Authorization made;
  made.status = "active";
  made.outcome = "complete";
  made.number = "PA-1";
  made.items = std::move(items);
  return made;
}

using Service = AuthorizedItem::Service;

TEST(GrantTest, UnitsOfTheQuantity) {
  const auto visits = [](const char* unit) {
    return grant_of(response({item(Service::program, "12", unit)}), nullptr);
  };
  EXPECT_EQ(visits("VS").visits, 12000);
  EXPECT_EQ(visits("").visits, 12000);
  EXPECT_EQ(visits("UN").visits, 12000);
  EXPECT_EQ(visits("HS").hours, 12000);
  EXPECT_FALSE(visits("DY").usable());
  EXPECT_EQ(visits("DY").defects, std::vector<Defect>{Defect::other_unit});
}

// A unit of the first code is a visit; one of the program is of both codes.
TEST(GrantTest, UnitsOfTheProgramAreUnits) {
  const auto one =
      grant_of(response({item(Service::work_hardening, "12", "UN")}), nullptr);
  EXPECT_EQ(one.units, 12000);
  EXPECT_FALSE(one.visits);
  EXPECT_TRUE(one.usable());
  const auto other = grant_of(
      response({item(Service::work_conditioning, "12", "VS")}), nullptr);
  EXPECT_EQ(other.visits, 12000);
  EXPECT_FALSE(other.units);
}

TEST(GrantTest, WithoutALineOfFurtherHoursTheyAreNotLimited) {
  const auto one =
      grant_of(response({item(Service::program, "12", "VS")}), nullptr);
  EXPECT_FALSE(one.further);
  const auto two = grant_of(response({item(Service::program, "12", "VS"),
                                      item(Service::further, "24", "HS")}),
                            nullptr);
  EXPECT_EQ(two.further, 24000);
}

TEST(GrantTest, OutcomesOfBaseFhir) {
  auto made = response({item(Service::program, "1", "")});
  made.outcome = "queued";
  EXPECT_EQ(grant_of(made, nullptr).decision, Decision::pended);
  made.outcome = "partial";
  EXPECT_EQ(grant_of(made, nullptr).decision, Decision::granted);
  made.has_error = true;
  EXPECT_EQ(grant_of(made, nullptr).decision, Decision::denied);
  made.status = "cancelled";
  EXPECT_EQ(grant_of(made, nullptr).decision, Decision::withdrawn);
}

TEST(GrantTest, AnotherServiceIsNoGrant) {
  const auto made =
      grant_of(response({item(Service::other, "12", "VS")}), nullptr);
  EXPECT_EQ(made.defects, std::vector<Defect>{Defect::other_service});
}

TEST(GrantTest, WhatWasAskedForCountsWhereNothingElseIsSaid) {
  PreauthorizationRequest request;
  request.items.push_back(item(Service::program, "9", ""));
  const auto made =
      grant_of(response({item(Service::unsaid, "", "")}), &request);
  EXPECT_EQ(made.visits, 9000);
  EXPECT_TRUE(made.usable());
  EXPECT_EQ(
      grant_of(response({item(Service::unsaid, "", "")}), nullptr).defects,
      std::vector<Defect>{Defect::no_quantity});
}

TEST(GrantTest, NobodyAttendsHalfAVisit) {
  const auto half =
      grant_of(response({item(Service::program, "1.5", "VS")}), nullptr);
  EXPECT_FALSE(half.visits);
  EXPECT_FALSE(half.usable());
  EXPECT_EQ(half.defects, std::vector<Defect>{Defect::no_quantity});
  EXPECT_EQ(
      grant_of(response({item(Service::program, "2.0", "VS")}), nullptr).visits,
      2000);
  EXPECT_EQ(
      grant_of(response({item(Service::program, "1.5", "HS")}), nullptr).hours,
      1500);
}

}  // namespace
}  // namespace gateway::episode
