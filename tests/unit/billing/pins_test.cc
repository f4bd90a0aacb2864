#include "billing/pins.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(PinsTest, AreOfPulledActiveClaimsOnly) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-06T08:00:00-05:00",
                            .end = "2026-04-06T11:00:00-05:00"}));
  const auto day = *LocalDate::from(2026, 4, 6);
  EXPECT_EQ(Pins(clinic.facts()).of("ServiceRequest/r1", day), "");
  const auto facts = clinic.facts();
  for (const auto& [key, emitted] : facts.emitted()) {
    if (emitted.type == "Claim") clinic.pull(key);
  }
  const Pins pins(clinic.facts());
  EXPECT_EQ(pins.of("ServiceRequest/r1", day), "PA-7001");
  EXPECT_EQ(pins.of("ServiceRequest/r2", day), "");
  EXPECT_EQ(pins.of("ServiceRequest/r1", day.plus_days(1)), "");
}

}  // namespace
}  // namespace gateway::billing
