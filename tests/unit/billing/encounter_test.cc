#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(EncounterTest, SaysWhereWhenAndHowLong) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-14T13:00:00Z",
                            .end = "2026-04-14T15:20:00Z"}));
  clinic.post(session_json({.id = "s2",
                            .start = "2026-04-14T16:05:00Z",
                            .end = "2026-04-14T18:15:00Z"}));
  ASSERT_EQ(clinic.all("Encounter").size(), 1U);
  const auto encounter = clinic.all("Encounter")[0];
  const auto root = encounter->root();
  EXPECT_EQ(root.get("status").text(), "finished");
  EXPECT_EQ(root.find("class.code").text(), "AMB");
  EXPECT_EQ(root.find("type.coding.code").text(), "work-conditioning");
  EXPECT_EQ(root.find("period.start").text(), "2026-04-14T08:00:00-05:00");
  EXPECT_EQ(root.find("period.end").text(), "2026-04-14T13:15:00-05:00");
  EXPECT_EQ(root.find("length.value").text(), "270");
  EXPECT_EQ(root.find("basedOn.reference").text(), "ServiceRequest/r1");
  EXPECT_EQ(root.find("location.location.reference").text(), "Location/l1");
  EXPECT_EQ(root.find("serviceProvider.reference").text(),
            "Organization/clinic");
  EXPECT_TRUE(root.find("episodeOfCare.reference")
                  .text()
                  .starts_with("EpisodeOfCare/"));
}

}  // namespace
}  // namespace gateway::billing
