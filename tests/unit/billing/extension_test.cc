#include "billing/extension.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string booking(const std::string& id, const std::string& day) {
  return "{'resourceType':'Appointment','id':'" + id +
         "','identifier':[{'system':'urn:ehr','value':'" + id +
         "'}],'status':'booked','basedOn':[{'reference':'ServiceRequest/r1'}],"
         "'start':'" +
         day + "T08:00:00-05:00','end':'" + day +
         "T11:00:00-05:00','participant':[{'actor':{'reference':'Patient/p1'},"
         "'status':'accepted'}]}";
}

std::string match(const std::string& id, const std::string& day,
                  const std::string& percent) {
  return "{'resourceType':'Observation','id':'" + id +
         "','status':'final','code':{'coding':[{'system':"
         "'https://workgate.example/fhir/CodeSystem/observation-code','code':"
         "'job-match-percent'}]},'subject':{'reference':'Patient/p1'},"
         "'effectiveDateTime':'" +
         day + "','valueQuantity':{'value':" + percent + "}}";
}

class ExtensionTest : public testing::Test {
 protected:
  ExtensionTest() {
    clinic_.now_ = *parse_instant("2026-04-06T12:00:00Z");
    clinic_.store_parties();
    clinic_.store(order_json({}));
  }
  Clinic clinic_;
};

TEST_F(ExtensionTest, IsNotAskedForBeforeABookingNeedsIt) {
  clinic_.post(grant_json({.visits = "2"}));
  clinic_.post(booking("b1", "2026-04-07"));
  clinic_.post(booking("b2", "2026-04-08"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

TEST_F(ExtensionTest, IsAskedForBeforeTheVisitsRunOut) {
  clinic_.post(grant_json({.visits = "2"}));
  for (const auto* day : {"07", "08", "09"}) {
    clinic_.post(
        booking(std::string("b") + day, std::string("2026-04-") + day));
  }
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre("ServiceRequest/r1 obtain-authorization: ledger/exhausted"));
  // More visits, or fewer bookings, and the Task ends by itself.
  clinic_.post(grant_json(
      {.id = "a2", .number = "PA-7002", .from = "2026-04-08", .visits = "4"}));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

TEST_F(ExtensionTest, SaysWhyNoGrantServes) {
  clinic_.post(booking("b1", "2026-04-07"));
  EXPECT_THAT(clinic_.open_tasks(),
              ElementsAre("ServiceRequest/r1 obtain-authorization: "
                          "ledger/no-authorization"));
  clinic_.post(grant_json({.from = "2026-04-10"}));
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre(
          "ServiceRequest/r1 obtain-authorization: ledger/before-start"));
  clinic_.post(grant_json({.from = "2026-04-01", .to = "2026-04-06"}));
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre("ServiceRequest/r1 obtain-authorization: ledger/expired"));
}

TEST_F(ExtensionTest, WithoutProgressItIsReviewed) {
  clinic_.store(grant_json({.visits = "1"}));
  clinic_.store(match("m1", "2026-04-01", "60"));
  clinic_.store(match("m2", "2026-04-06", "60"));
  clinic_.post(booking("b1", "2026-04-07"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  clinic_.post(booking("b2", "2026-04-08"));
  EXPECT_THAT(
      clinic_.open_tasks(),
      ElementsAre("ServiceRequest/r1 obtain-authorization: ledger/exhausted",
                  "ServiceRequest/r1 review-referral: "
                  "return-to-work-practice/T4"));
}

// A session that no grant serves asks for more too, and who stopped measuring
// makes no progress.
TEST_F(ExtensionTest, AHeldSessionWithoutProgressIsReviewed) {
  clinic_.now_ = *parse_instant("2026-04-28T12:00:00Z");
  clinic_.store(grant_json({.visits = "1"}));
  clinic_.store(match("m1", "2026-04-06", "60"));
  const auto attend = [&](const std::string& day) {
    clinic_.post(session_json({.id = "s" + day,
                               .start = day + "T08:00:00-05:00",
                               .end = day + "T11:00:00-05:00"}));
  };
  const auto asked = [&] {
    const auto tasks = clinic_.open_tasks();
    return std::count(tasks.begin(), tasks.end(),
                      "ServiceRequest/r1 review-referral: "
                      "return-to-work-practice/T6");
  };
  attend("2026-04-07");
  EXPECT_EQ(asked(), 0);
  attend("2026-04-20");
  EXPECT_EQ(asked(), 0) << "fourteen days";
  attend("2026-04-21");
  EXPECT_EQ(asked(), 1);
  clinic_.post(grant_json(
      {.id = "a2", .number = "PA-7002", .from = "2026-04-08", .visits = "4"}));
  EXPECT_EQ(asked(), 0);
}

std::string request(const std::string& status) {
  return "{'resourceType':'Claim','id':'q1','status':'" + status +
         "','use':'preauthorization','patient':{'reference':'Patient/p1'},"
         "'referral':{'reference':'ServiceRequest/r1'},'item':[{'sequence':1,"
         "'quantity':{'value':10}}]}";
}

// Who asks the payer for more is told so, whether something is booked or not.
TEST_F(ExtensionTest, ARequestWithoutProgressIsReviewed) {
  const auto review = ElementsAre(
      "ServiceRequest/r1 review-referral: return-to-work-practice/T4");
  clinic_.store(grant_json({.visits = "3"}));
  clinic_.store(match("m1", "2026-04-01", "60"));
  clinic_.post(match("m2", "2026-04-06", "60"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  clinic_.post(request("active"));
  EXPECT_THAT(clinic_.open_tasks(), review);
  clinic_.post(request("cancelled"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  clinic_.post(request("active"));
  EXPECT_THAT(clinic_.open_tasks(), review);
  clinic_.post(match("m3", "2026-04-06", "70"));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty()) << "function improved";
}

TEST_F(ExtensionTest, ARequestThatIsAnsweredAsksNoMore) {
  clinic_.store(grant_json({.visits = "3"}));
  clinic_.store(match("m1", "2026-04-01", "60"));
  clinic_.store(match("m2", "2026-04-06", "60"));
  clinic_.post(request("active"));
  EXPECT_FALSE(clinic_.open_tasks().empty());
  clinic_.post(grant_json({.id = "a2",
                           .number = "PA-7002",
                           .from = "2026-04-08",
                           .more = ",'request':{'reference':'Claim/q1'}"}));
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
}

// The sessions of an extension warn; they are nobody's task.
TEST_F(ExtensionTest, ItsSessionsRaiseNoTasks) {
  clinic_.store(grant_json({.to = "2026-04-02", .visits = "1"}));
  clinic_.store(grant_json(
      {.id = "a2", .number = "PA-7002", .from = "2026-04-03", .visits = "4"}));
  clinic_.store(match("m1", "2026-04-01", "60"));
  clinic_.store(match("m2", "2026-04-05", "60"));
  for (const auto* day : {"03", "04", "05"}) {
    clinic_.post(session_json(
        {.id = std::string("s") + day,
         .start = std::string("2026-04-") + day + "T08:00:00-05:00",
         .end = std::string("2026-04-") + day + "T11:00:00-05:00"}));
  }
  EXPECT_THAT(clinic_.open_tasks(), IsEmpty());
  bool warned = false;
  for (const auto* one : clinic_.plan().unmet()) {
    warned |= one->rule == "return-to-work-practice/T4";
  }
  EXPECT_TRUE(warned);
}

}  // namespace
}  // namespace gateway::billing
