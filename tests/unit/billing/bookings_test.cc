#include "billing/bookings.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

std::string booking(const std::string& id, const std::string& status,
                    const std::string& end) {
  return "{'resourceType':'Appointment','id':'" + id + "','status':'" + status +
         "','basedOn':[{'reference':'ServiceRequest/r1'}],'start':'2026-04-0" +
         id + "T13:00:00Z','end':'2026-04-0" + id + "T" + end + "Z'}";
}

TEST(BookingsTest, OpenOnesReserveUnlessTheirSlotIsTooShort) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({}));
  clinic.store(booking("9", "booked", "16:00:00"));
  clinic.store(booking("8", "booked", "14:00:00"));
  clinic.store(booking("7", "cancelled", "16:00:00"));
  const auto facts = clinic.facts();
  const auto plan = decide(facts, clinic.programs_, clinic.now_);
  Bookings bookings;
  bookings.read(plan, facts, clinic.programs_);
  const auto& open = bookings.open();
  ASSERT_EQ(open.size(), 2U);
  EXPECT_FALSE(open[0].fits);
  EXPECT_TRUE(open[1].fits);
  EXPECT_EQ(open[1].date, LocalDate::from(2026, 4, 9));
  ASSERT_EQ(plan.balances.size(), 1U);
  EXPECT_EQ(plan.balances[0].reserved, 1000);
}

// What a slot is said to last counts, where that is less than its times.
TEST(BookingsTest, ASlotIsAsLongAsItIsSaidToBe) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  auto whole = booking("8", "booked", "17:00:00");
  whole.insert(whole.size() - 1, ",'minutesDuration':240");
  clinic.store(whole);
  auto part = booking("9", "booked", "17:00:00");
  part.insert(part.size() - 1, ",'minutesDuration':90");
  clinic.store(part);
  const auto facts = clinic.facts();
  const auto plan = decide(facts, clinic.programs_, clinic.now_);
  Bookings bookings;
  bookings.read(plan, facts, clinic.programs_);
  EXPECT_TRUE(bookings.open().at(0).fits);
  EXPECT_FALSE(bookings.open().at(1).fits);
}

// The same therapist in two slots leads the day; two therapists do not.
TEST(BookingsTest, TheLicensedTherapistsOfADayAreCounted) {
  const auto warned = [](const std::string& second) {
    Clinic clinic;
    clinic.store_parties();
    clinic.store(order_json({}));
    clinic.store(
        "{'resourceType':'Practitioner','id':'second','qualification':[{'code':"
        "{'text':'PT'}}]}");
    clinic.store("{'resourceType':'Practitioner','id':'aide'}");
    for (const auto& [id, who] :
         {std::pair("8", std::string("therapist")), std::pair("18", second)}) {
      clinic.store(std::string("{'resourceType':'Appointment','id':'") + id +
                   "','status':'booked','basedOn':[{'reference':"
                   "'ServiceRequest/r1'}],'start':'2026-04-08T" +
                   (id[0] == '1' ? "13" : "16") +
                   ":00:00Z','end':'2026-04-08T19:00:00Z','participant':[{"
                   "'actor':{'reference':'Practitioner/" +
                   who + "'},'status':'accepted'}]}");
    }
    const auto facts = clinic.facts();
    const auto plan = decide(facts, clinic.programs_, clinic.now_);
    Bookings bookings;
    bookings.read(plan, facts, clinic.programs_);
    int count = 0;
    for (const auto& one : bookings.open()) {
      for (const auto& judged : one.judgements) {
        count += judged.rule == "clinic-work-conditioning/A14P" &&
                         judged.verdict == Verdict::unmet
                     ? 1
                     : 0;
      }
      EXPECT_TRUE(one.fits);
    }
    return count;
  };
  EXPECT_EQ(warned("therapist"), 0);
  EXPECT_EQ(warned("aide"), 0);
  EXPECT_EQ(warned("second"), 2);
}

TEST(BookingsTest, WhatIsPutBackServesAnother) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(order_json({}));
  clinic.store(grant_json({.visits = "1"}));
  clinic.store(booking("8", "booked", "16:00:00"));
  clinic.store(booking("9", "booked", "16:00:00"));
  const auto facts = clinic.facts();
  auto plan = decide(facts, clinic.programs_, clinic.now_);
  const auto today = *LocalDate::from(2026, 4, 1);
  Allocator allocator(facts, clinic.programs_, plan);
  Attendance nobody;
  Bookings bookings;
  bookings.read(plan, facts, clinic.programs_);
  auto first = bookings.reserve(nobody, today, allocator, plan);
  EXPECT_EQ(first.postings.size(), 1U);
  EXPECT_EQ(first.others,
            (std::set<std::string>{"Appointment/8", "Appointment/9"}));
  EXPECT_TRUE(bookings.any_in_need());
  EXPECT_EQ(plan.others.at("Appointment/9").back().rule, "ledger/exhausted");
  bookings.put_back(allocator);
  const auto again = bookings.reserve(nobody, today, allocator, plan);
  EXPECT_EQ(again.postings, first.postings);
  EXPECT_TRUE(again.others.empty());  // nothing is to be said anew
}

}  // namespace
}  // namespace gateway::billing
