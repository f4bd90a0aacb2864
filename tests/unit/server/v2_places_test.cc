#include "server/v2_places.h"

#include <gtest/gtest.h>

#include "unit/server/mapped_message.h"

namespace gateway::server {
namespace {

// Where the only session stands in the transaction.
std::string session_entry(const V2Places& places) {
  std::size_t position = 0;
  for (const Json entry : places.bundle().get("entry")) {
    if (entry.find("resource.resourceType").text() == "Procedure") break;
    ++position;
  }
  return "Bundle.entry[" + std::to_string(position) + "].resource";
}

TEST(V2PlacesTest, AnElementLeadsToItsField) {
  const auto places = mapped(sample("ADT_A03/session.hl7"));
  const auto session = session_entry(*places);
  EXPECT_EQ(places->of(session + ".performedPeriod.end"), "PV1-45");
  EXPECT_EQ(places->of(session + ".performedPeriod"), "PV1-44");
  EXPECT_EQ(places->of("Procedure.performed"), "PV1-44");
  EXPECT_EQ(places->of("Patient.birthDate"), "PID-7");
}

TEST(V2PlacesTest, AResourceAsAWholeIsItsIdentifier) {
  const auto places = mapped(sample("ADT_A03/session.hl7"));
  EXPECT_EQ(places->of(session_entry(*places)), "PV1-19.1");
  EXPECT_EQ(places->of("Procedure"), "PV1-19.1");
}

TEST(V2PlacesTest, WhatNoFieldSaysHasNoPlace) {
  const auto places = mapped(sample("ADT_A03/session.hl7"));
  EXPECT_EQ(places->of(""), "");
  EXPECT_EQ(places->of("PV1-19"), "");
  EXPECT_EQ(places->of("Claim.item"), "");
  EXPECT_EQ(places->of("Bundle.entry[99].resource"), "");
  EXPECT_EQ(places->of("Procedure.status"), "");  // a text of the map
  EXPECT_EQ(places->of("Practitioner.name").empty(), false);
}

TEST(V2PlacesTest, OfSeveralResourcesNoneIsGuessed) {
  const auto places = mapped(sample("REF_I12/complete.hl7"));
  EXPECT_EQ(places->of("Practitioner.name"), "");
  EXPECT_NE(places->of("ServiceRequest.occurrence"), "");
}

TEST(V2PlacesTest, FindingsKeepWhatHasNoField) {
  const auto places = mapped(sample("ADT_A03/session.hl7"));
  fhir::Outcome outcome;
  outcome.add({.rule = "a", .expression = "Procedure.performed"});
  outcome.add({.rule = "b", .expression = "Claim.item"});
  const auto placed = places->placed(outcome).findings();
  ASSERT_EQ(placed.size(), 2U);
  EXPECT_EQ(placed[0].expression, "PV1-44");
  EXPECT_EQ(placed[1].expression, "Claim.item");
}

}  // namespace
}  // namespace gateway::server
