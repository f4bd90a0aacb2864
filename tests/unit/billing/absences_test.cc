#include "billing/absences.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

LocalDate day(int number) { return *LocalDate::from(2026, 4, number); }

std::vector<LocalDate> dates(const std::vector<Absences::Day>& days) {
  std::vector<LocalDate> all;
  for (const auto& one : days) all.push_back(one.date);
  return all;
}

TEST(AbsencesTest, TardiesCountByTheirDaysToo) {
  const Absences absences{.missed = {{day(7), nullptr}, {day(9), nullptr}},
                          .tardy = {{day(6), nullptr},
                                    {day(8), nullptr},
                                    {day(10), nullptr},
                                    {day(13), nullptr}},
                          .tardies_each = 2};
  EXPECT_EQ(absences.count(day(5)), 0);
  EXPECT_EQ(absences.count(day(7)), 1);
  EXPECT_EQ(absences.count(day(8)), 2);
  EXPECT_EQ(absences.count(day(13)), 4);
  EXPECT_EQ(absences.count(), 4);
}

// Bookings of April under an order, and sessions of some of their days.
class AbsencesOfTest : public testing::Test {
 protected:
  AbsencesOfTest() {
    clinic_.store_parties();
    clinic_.store(order_json({}));
    policy_.rules.tardies_per_absence = 1;
  }
  void book(const std::string& day, const std::string& status,
            const std::string& hour = "08", const std::string& more = kOrder) {
    clinic_.store("{'resourceType':'Appointment','id':'b" + day + hour +
                  "','status':'" + status + "','start':'2026-04-" + day + "T" +
                  hour + ":00:00-05:00','end':'2026-04-" + day +
                  "T17:00:00-05:00'" + more + "}");
  }
  void attend(const std::string& day, const std::string& time = "08:20") {
    clinic_.store(
        session_json({.id = "s" + day,
                      .start = "2026-04-" + day + "T" + time + ":00-05:00",
                      .end = "2026-04-" + day + "T12:00:00-05:00"}));
  }
  Absences absences() {
    facts_ = clinic_.facts();
    plan_ = decide(facts_, clinic_.programs_, clinic_.now_);
    Attendance attendance;
    attendance.read_all(plan_, clinic_.programs_.zone().date(clinic_.now_));
    auto& owner = plan_.referrals.at(0);
    owner.policy = &policy_;
    return absences_of(facts_, clinic_.programs_, owner, attendance);
  }

  static constexpr const char* kOrder =
      ",'basedOn':[{'reference':'ServiceRequest/r1'}]";
  Clinic clinic_;
  program::Policy policy_;
  episode::Case facts_;
  Plan plan_;
};

TEST_F(AbsencesOfTest, AreNoshowsThatNobodyExcusedAndLateArrivals) {
  book("06", "noshow");
  book("07", "noshow", "08",
       std::string(kOrder) +
           ",'cancelationReason':{'coding':[{'system':"
           "'https://workgate.example/fhir/CodeSystem/absence','code':"
           "'excused'}]}");
  book("08", "fulfilled");
  attend("08");
  const auto found = absences();
  EXPECT_EQ(dates(found.missed), std::vector{day(6)});
  EXPECT_EQ(dates(found.tardy), std::vector{day(8)});
  EXPECT_EQ(found.missed.at(0).booking->key, "Appointment/b0608");
  EXPECT_EQ(found.count(), 2);
  policy_.rules.tardy_tolerance_minutes = 30;
  EXPECT_EQ(absences().count(), 1);
}

TEST_F(AbsencesOfTest, AreOfTheProgramAlone) {
  clinic_.store(order_json({.id = "r2", .status = "completed"}));
  book("06", "noshow", "08", "");
  book("07", "noshow", "08", ",'basedOn':[{'reference':'ServiceRequest/r2'}]");
  EXPECT_EQ(absences().count(), 0);
  book("08", "noshow", "08",
       ",'appointmentType':{'coding':[{'system':"
       "'https://workgate.example/fhir/CodeSystem/program','code':"
       "'work-conditioning'}]}");
  EXPECT_EQ(dates(absences().missed), std::vector{day(8)});
}

// What named no order was not missed of one that was written later.
TEST_F(AbsencesOfTest, AreNotOfAnEarlierProgram) {
  const auto* const type =
      ",'appointmentType':{'coding':[{'system':"
      "'https://workgate.example/fhir/CodeSystem/program','code':"
      "'work-conditioning'}]}";
  clinic_.store(
      "{'resourceType':'Appointment','id':'old','status':'noshow',"
      "'start':'2026-01-12T08:00:00-06:00','end':"
      "'2026-01-12T11:00:00-06:00'" +
      std::string(type) + "}");
  book("08", "noshow", "08", type);
  EXPECT_EQ(dates(absences().missed), std::vector{day(8)});
}

// Tuesday morning on Guam is Monday in Chicago.
TEST_F(AbsencesOfTest, ADayIsOfTheFacility) {
  const std::string zone =
      ",'extension':[{'url':'https://workgate.example/fhir/"
      "StructureDefinition/timezone','valueCode':'Pacific/Guam'}]";
  clinic_.store("{'resourceType':'Location','id':'clinic'" + zone +
                ",'managingOrganization':{'reference':'Organization/clinic'}}");
  clinic_.store(
      "{'resourceType':'Appointment','id':'b','status':'noshow',"
      "'start':'2026-04-07T08:00:00+10:00','end':"
      "'2026-04-07T11:00:00+10:00'" +
      std::string(kOrder) + "}");
  clinic_.store(session_json({.id = "s1",
                              .start = "2026-04-07T08:00:00+10:00",
                              .end = "2026-04-07T11:00:00+10:00"}));
  EXPECT_EQ(absences().count(), 0);
}

TEST_F(AbsencesOfTest, ADayCountsOnceAndNotWhereItWasAttended) {
  book("06", "noshow", "08");
  book("06", "noshow", "13");
  EXPECT_EQ(absences().count(), 1);
  book("07", "noshow", "08");
  attend("07", "09:00");
  const auto found = absences();
  EXPECT_EQ(dates(found.missed), std::vector{day(6)});
  EXPECT_TRUE(found.tardy.empty());
}

// An EHR need not say that a slot was kept: the session does.
TEST_F(AbsencesOfTest, WhoComesLateIsTardyWhateverBecameOfTheSlot) {
  int number = 6;
  for (const auto* status : {"booked", "arrived", "checked-in", "cancelled"}) {
    const auto day = "0" + std::to_string(number++);
    book(day, status);
    attend(day);
  }
  EXPECT_EQ(dates(absences().tardy), (std::vector{day(6), day(7), day(8)}));
}

}  // namespace
}  // namespace gateway::billing
