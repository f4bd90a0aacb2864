#include "billing/absences.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(AbsencesTest, TardiesCountByTheirDaysToo) {
  const auto day = [](int number) { return *LocalDate::from(2026, 4, number); };
  const Absences absences{.missed = {day(7), day(9)},
                          .tardy = {day(6), day(8), day(10), day(13)},
                          .tardies_each = 2};
  EXPECT_EQ(absences.count(day(5)), 0);
  EXPECT_EQ(absences.count(day(7)), 1);
  EXPECT_EQ(absences.count(day(8)), 2);
  EXPECT_EQ(absences.count(day(13)), 4);
  EXPECT_EQ(absences.count(), 4);
}

TEST(AbsencesTest, AreNoshowsThatNobodyExcusedAndLateArrivals) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  const auto booking = [&](const std::string& day, const std::string& rest) {
    clinic.store("{'resourceType':'Appointment','id':'b" + day +
                 "','basedOn':[{'reference':'ServiceRequest/r1'}],'start':"
                 "'2026-04-" +
                 day + "T08:00:00-05:00','end':'2026-04-" + day +
                 "T12:00:00-05:00'," + rest + "}");
  };
  booking("06", "'status':'noshow'");
  booking("07",
          "'status':'noshow','cancelationReason':{'coding':[{'system':"
          "'https://workgate.example/fhir/CodeSystem/absence','code':"
          "'excused'}]}");
  booking("08", "'status':'fulfilled'");
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-08T08:20:00-05:00",
                             .end = "2026-04-08T12:00:00-05:00"}));
  program::Policy policy;
  policy.rules.tardies_per_absence = 1;
  const auto facts = clinic.facts();
  const auto found = absences_of(facts, clinic.programs_, policy);
  EXPECT_EQ(found.missed, std::vector{*LocalDate::from(2026, 4, 6)});
  EXPECT_EQ(found.tardy, std::vector{*LocalDate::from(2026, 4, 8)});
  EXPECT_EQ(found.count(), 2);
  policy.rules.tardy_tolerance_minutes = 30;
  EXPECT_EQ(absences_of(facts, clinic.programs_, policy).count(), 1);
}

}  // namespace
}  // namespace gateway::billing
