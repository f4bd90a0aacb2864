#include "billing/emit.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

Emission emission() {
  return {.base = "https://workgate.example/fhir",
          .owner = "ehr",
          .device = "Workgate",
          .now = *parse_instant("2026-06-01T12:00:00Z"),
          .resolve = [](std::string_view key) { return std::string(key); }};
}

TEST(EmitTest, WhatIsNotKnownIsSaidToBeUnknown) {
  EXPECT_EQ(reference_json("Patient/1"), R"({"reference":"Patient/1"})");
  EXPECT_NE(reference_json("").find("data-absent-reason"), std::string::npos);
}

TEST(EmitTest, QuantitiesAndMoneyKeepTheirScale) {
  EXPECT_EQ(quantity_text(750), "0.75");
  EXPECT_EQ(quantity_text(3000), "3");
  EXPECT_EQ(money_json(*Decimal::parse("210.00")),
            R"({"value":210.00,"currency":"USD"})");
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
  const auto document = JsonDocument::parse(body);
  ASSERT_TRUE(document.ok());
  const auto root = document->root();
  EXPECT_EQ(root.find("referralRequest.reference").text(), "ServiceRequest/1");
  EXPECT_EQ(root.find("type.coding.code").text(), "work-hardening");
  EXPECT_EQ(root.find("period.start").text(), "2026-04-06");
}

TEST(EmitTest, ProvenanceNamesInputsAndPolicies) {
  const auto body = provenance_json({.id = "p1",
                                     .targets = {"Claim/1/_history/1"},
                                     .inputs = {"Procedure/1/_history/2"},
                                     .policies = {"urn:x|1"}},
                                    emission());
  const auto document = JsonDocument::parse(body);
  ASSERT_TRUE(document.ok());
  const auto root = document->root();
  EXPECT_EQ(root.find("entity.what.reference").text(),
            "Procedure/1/_history/2");
  EXPECT_EQ(root.find("agent.who.display").text(), "Workgate");
  EXPECT_EQ(root.get("policy").first().text(), "urn:x|1");
}

}  // namespace
}  // namespace gateway::billing
