#include "billing/emit.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

Emission emission() {
  return {.maps = shipped_maps(),
          .base = "https://workgate.example/fhir",
          .owner = "ehr",
          .device = "Workgate",
          .now = *parse_instant("2026-06-01T12:00:00Z"),
          .resolve = [](std::string_view key) { return std::string(key); }};
}

TEST(EmitTest, WhatIsNotKnownIsSaidToBeUnknown) {
  EXPECT_EQ(reference_json("Patient/1"), R"({"reference":"Patient/1"})");
  EXPECT_NE(reference_json("").find("data-absent-reason"), std::string::npos);
}

TEST(EmitTest, QuantitiesHaveNoNeedlessZeros) {
  EXPECT_EQ(quantity_text(750), "0.75");
  EXPECT_EQ(quantity_text(3000), "3");
}

TEST(EmitTest, AnEpisodeNamesItsReferral) {
  episode::Referral order;
  order.source.key = "ServiceRequest/1";
  order.patient = "Patient/1";
  const EpisodePlan episode{.key = "episode|ServiceRequest/1",
                            .referral = &order,
                            .program = Program::work_hardening,
                            .status = "active",
                            .start = LocalDate::from(2026, 4, 6),
                            .organization = {}};
  const auto body = episode_json(episode, "e1", emission());
  ASSERT_TRUE(body.ok());
  const auto document = JsonDocument::parse(*body);
  ASSERT_TRUE(document.ok());
  const auto root = document->root();
  EXPECT_EQ(root.find("referralRequest.reference").text(), "ServiceRequest/1");
  EXPECT_EQ(root.find("type.coding.code").text(), "work-hardening");
  EXPECT_EQ(root.find("period.start").text(), "2026-04-06");
}

TEST(EmitTest, ProvenanceNamesInputsPoliciesAndMaps) {
  const auto body = provenance_json({.id = "p1",
                                     .targets = {"Claim/1/_history/1"},
                                     .inputs = {"Procedure/1/_history/2"},
                                     .policies = {"urn:x|1"},
                                     .maps = {"emit/claim|0a"}},
                                    emission());
  ASSERT_TRUE(body.ok());
  const auto document = JsonDocument::parse(*body);
  ASSERT_TRUE(document.ok());
  const auto root = document->root();
  EXPECT_EQ(root.find("entity.what.reference").text(),
            "Procedure/1/_history/2");
  EXPECT_EQ(root.find("agent.who.display").text(), "Workgate");
  EXPECT_EQ(root.get("policy").first().text(), "urn:x|1");
  EXPECT_EQ(root.get("entity").at(1).find("what.identifier.value").text(),
            "emit/claim|0a");
}

// A void takes the content of the claim that it voids, but says by the map
// what it is itself.
TEST(EmitTest, AVoidRepeatsTheClaimUnderItsOwnHeading) {
  const auto text = claim_like(
      R"({"resourceType":"Claim","id":"c1","extension":[],"identifier":[],)"
      R"("status":"active","created":"2026-04-14","item":[{"sequence":1}]})",
      {.id = "c2",
       .key = "claim|x#2",
       .status = "draft",
       .frequency = "8",
       .prior = "Claim/c1",
       .created = "2026-05-01T00:00:00Z"},
      emission());
  ASSERT_TRUE(text.ok()) << text.error().message;
  const auto document = JsonDocument::parse(*text);
  ASSERT_TRUE(document.ok());
  const auto root = document->root();
  EXPECT_EQ(root.get("id").text(), "c2");
  EXPECT_EQ(root.get("status").text(), "draft");
  EXPECT_EQ(root.get("created").text(), "2026-05-01T00:00:00Z");
  EXPECT_EQ(root.find("extension.valueCode").text(), "8");
  EXPECT_EQ(root.find("related.claim.reference").text(), "Claim/c1");
  EXPECT_EQ(root.get("item").raw(), R"([{"sequence":1}])");
}

}  // namespace
}  // namespace gateway::billing
