#include "billing/zones.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

std::string location(const std::string& zone) {
  return "{'resourceType':'Location','id':'l2','extension':[{'url':"
         "'https://workgate.example/fhir/StructureDefinition/timezone',"
         "'valueCode':'" +
         zone +
         "'}],'managingOrganization':{'reference':'Organization/clinic'}}";
}

struct Place {
  const char* zone;
  const char* used;
  const char* unknown;
};

class ZonesTest : public ::testing::TestWithParam<Place> {};

TEST_P(ZonesTest, OfALocation) {
  Clinic clinic;
  clinic.store(location(GetParam().zone));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T11:00:00-05:00",
                             .location = "Location/l2"}));
  const auto facts = clinic.facts();
  const auto& session = facts.sessions().at("Procedure/s1");
  EXPECT_EQ(zone_of(session, facts, clinic.programs_).name(), GetParam().used);
  EXPECT_EQ(unknown_zone(session, facts), GetParam().unknown);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ZonesTest,
    ::testing::Values(Place{"America/New_York", "America/New_York", ""},
                      Place{"", "America/Chicago", ""},
                      Place{"America/Chikago", "America/Chicago",
                            "America/Chikago"}));

// The date of service would be a guess, so it is held and not the site's.
TEST(UnknownZoneTest, HoldsTheSessionUntilThePlaceSaysWhereItIs) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(location("America/Chikago"));
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  clinic.post(session_json({.id = "s1",
                            .start = "2026-04-13T08:00:00-05:00",
                            .end = "2026-04-13T11:00:00-05:00",
                            .location = "Location/l2"}));
  EXPECT_EQ(clinic.claims(),
            std::vector<std::string>{"draft 97545x1 97546x1 302.00 PA-7001"});
  EXPECT_EQ(clinic.open_tasks(),
            std::vector<std::string>{
                "Procedure/s1 review-session: time/unknown-zone"});
  clinic.post(location("America/Chicago"));
  EXPECT_EQ(clinic.claims(),
            std::vector<std::string>{"active 97545x1 97546x1 302.00 PA-7001"});
  EXPECT_TRUE(clinic.open_tasks().empty());
}

}  // namespace
}  // namespace gateway::billing
