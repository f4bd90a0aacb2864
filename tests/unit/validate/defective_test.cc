#include "validate/defective.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

std::string appointment(const std::string& status) {
  return R"({"resourceType":"Appointment","status":")" + status +
         R"(","cancelationReason":{"text":"ill"},"participant":[{"actor":)"
         R"({"display":"A"},"status":"accepted"}],)"
         R"("start":"2026-04-06T09:00:00Z","end":"2026-04-06T10:00:00Z"})";
}

TEST(DefectiveTest, AMissedAppointmentMayHaveAReason) {
  EXPECT_EQ(errors(appointment("noshow")), Texts{});
  EXPECT_EQ(errors(appointment("cancelled")), Texts{});
  EXPECT_EQ(errors(appointment("booked")),
            Texts{"invariant/app-4 at Appointment"});
}

TEST(DefectiveTest, ATimingMayHaveTwoEvents) {
  const auto request = [](const std::string& when) {
    return R"({"resourceType":"ServiceRequest","status":"active","intent":)"
           R"("order","subject":{"reference":"Patient/1"},"occurrenceTiming":)"
           R"({"repeat":{"offset":30,"when":)" +
           when + "}}}";
  };
  EXPECT_EQ(errors(request(R"(["MORN","EVE"])")), Texts{});
  EXPECT_EQ(errors(request(R"(["MORN","C"])")),
            Texts{"invariant/tim-9 at ServiceRequest.occurrence.ofType("
                  "Timing).repeat"});
}

TEST(DefectiveTest, AnEntryNeedsNoFullUrl) {
  EXPECT_EQ(errors(R"({"resourceType":"Bundle","type":"batch","entry":[)"
                   R"({"request":{"method":"GET","url":"Patient/1"}}]})",
                   core(), strict()),
            Texts{});
}

TEST(DefectiveTest, LeavesAllOthersAsTheyAre) {
  EXPECT_EQ(corrected_expression("app-4", "a.exists()"), "a.exists()");
  EXPECT_EQ(corrected_expression("x-1", "b"), "b");
  EXPECT_EQ(further_context("http://example.org/x"), "");
}

}  // namespace
}  // namespace gateway::validate
