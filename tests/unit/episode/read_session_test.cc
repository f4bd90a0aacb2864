#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

TEST(ReadSessionTest, KindsOfProcedures) {
  const auto kind = [](const std::string& members) {
    const Read session("{'resourceType':'Procedure','status':'completed'" +
                       members + "}");
    return read_session(session.reading()).kind;
  };
  const std::string cpt =
      ",'code':{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'";
  EXPECT_EQ(kind(cpt + "97545'}]}"), Session::Kind::program);
  EXPECT_EQ(kind(cpt + "97110'}]}"), Session::Kind::treatment);
  EXPECT_EQ(kind(",'code':{'text':'appendectomy'}"), Session::Kind::unrelated);
  EXPECT_EQ(kind(",'basedOn':[{'reference':'ServiceRequest/1'}]"),
            Session::Kind::program);
}

TEST(ReadSessionTest, StatesAndTimes) {
  const Read session(
      "{'resourceType':'Procedure','status':'entered-in-error',"
      "'performedPeriod':{'start':'2026-04-06T08:00:00-05:00','_start':{"
      "'extension':[{'url':'http://hl7.org/fhir/StructureDefinition/timezone',"
      "'valueCode':'America/Denver'}]},'end':'2026-04-06T10:00:00-05:00'}}");
  const auto read = read_session(session.reading());
  EXPECT_EQ(read.state, Session::State::withdrawn);
  EXPECT_EQ(read.zone, "America/Denver");
  ASSERT_TRUE(read.period);
  EXPECT_EQ(read.period->end - read.period->start, std::chrono::hours(2));
}

TEST(ReadSessionTest, WithoutAnOffsetThereIsNoPeriod) {
  const Read session(
      "{'resourceType':'Procedure','status':'completed','performedPeriod':{"
      "'start':'2026-04-06T08:00:00','end':'2026-04-06T10:00:00'}}");
  EXPECT_FALSE(read_session(session.reading()).period);
}

TEST(ReadSessionTest, Appointments) {
  const Read booking(
      "{'resourceType':'Appointment','status':'noshow','cancelationReason':{"
      "'coding':[{'system':'https://workgate.example/fhir/CodeSystem/absence',"
      "'code':'excused'}]},'start':'2026-04-06T08:00:00-05:00','end':"
      "'2026-04-06T10:00:00-05:00','participant':[{'actor':{'reference':"
      "'Patient/1'}}]}");
  const auto read = read_appointment(booking.reading());
  EXPECT_EQ(read.absence, "excused");
  EXPECT_EQ(read.patient, "Patient/1");
  EXPECT_TRUE(read.period);
}

TEST(ReadSessionTest, AnEndThatIsKeptAsideLiesBeforeTheBeginning) {
  const Read session(
      "{'resourceType':'Procedure','status':'completed','performedPeriod':{"
      "'start':'2026-04-06T08:00:00-05:00','_end':{'extension':[{'url':"
      "'https://workgate.example/fhir/StructureDefinition/end-as-sent',"
      "'valueDateTime':'2026-04-06T07:00:00-05:00'}]}}}");
  const auto read = read_session(session.reading());
  EXPECT_FALSE(read.period);
  EXPECT_TRUE(read.ends_before_it_begins);
}

}  // namespace
}  // namespace gateway::episode
