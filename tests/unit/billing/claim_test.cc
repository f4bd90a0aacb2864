#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(ClaimTest, HasWhatAPayerAsksFor) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-14T08:00:00-05:00",
                            .end = "2026-04-14T11:00:00-05:00"}));
  const auto claim = clinic.all("Claim").at(0);
  const auto root = claim->root();
  struct Row {
    const char* path;
    const char* text;
  };
  const Row rows[] = {
      {"status", "active"},
      {"use", "claim"},
      {"type.coding.code", "professional"},
      {"identifier.type.coding.code", "AN"},
      {"extension.valueCode", "1"},
      {"patient.reference", "Patient/p1"},
      {"billablePeriod.start", "2026-04-14"},
      {"insurer.reference", "Organization/payer"},
      {"provider.reference", "Organization/clinic"},
      {"facility.reference", "Location/l1"},
      {"priority.coding.code", "normal"},
      {"referral.reference", "ServiceRequest/r1"},
      {"insurance.coverage.reference", "Coverage/c1"},
      {"accident.date", "2025-11-18"},
      {"accident.type.coding.code", "WPA"},
      {"diagnosis.diagnosisCodeableConcept.coding.code", "S39.012D"},
      {"careTeam.role.coding.code", "referring"},
      {"related.relationship.coding.code", "associated"},
      {"related.reference.value", "WC-2026-000417"},
      {"item.productOrService.coding.code", "97545"},
      {"item.servicedDate", "2026-04-14"},
      {"item.locationCodeableConcept.coding.code", "11"},
      {"item.quantity.value", "1"},
      {"item.unitPrice.value", "210.00"},
      {"item.net.value", "210.00"},
      {"total.value", "302.00"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(root.find(row.path).text(), row.text) << row.path;
  }
  EXPECT_EQ(root.find("insurance").get("preAuthRef").first().text(), "PA-7001");
  const auto number = root.find("identifier.value").text();
  EXPECT_LE(number.size(), 20U);
}

}  // namespace
}  // namespace gateway::billing
