#include "billing/bookings.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>
#include <utility>

#include "billing/extension.h"
#include "billing/judge.h"
#include "billing/pool.h"
#include "billing/referrals.h"

namespace gateway::billing {
namespace {

using State = Booking::State;

constexpr Own kBookedLater{"episode/discharged",
                           "The slot lies after the discharge",
                           "no slot after the last day of the episode",
                           "cancel the slot, or open the episode again",
                           "review-session",
                           "EpisodeOfCare.period.end",
                           fhir::Actor::front_office};

bool is_open(const episode::Appointment& booking) {
  return (booking.status == "booked" || booking.status == "arrived" ||
          booking.status == "checked-in" || booking.status == "pending") &&
         booking.period;
}

using Staff = std::set<std::string>;

// Licensed therapists of a booking, under whichever of their roles.
void add_therapists(const episode::Appointment& one, LocalDate date,
                    const episode::Case& facts, Staff& staff) {
  for (auto key : one.participants) {
    const auto role = facts.roles().find(key);
    if (role != facts.roles().end()) key = role->second.practitioner;
    const auto known = facts.practitioners().find(key);
    if (known == facts.practitioners().end()) continue;
    if (known->second.is_licensed(date)) staff.insert(key);
  }
}

// What the slot is said to last, where that is less than its times.
std::int64_t minutes_of(const episode::Appointment& one) {
  const auto lasts = std::chrono::duration_cast<std::chrono::minutes>(
      one.period->end - one.period->start);
  return std::min<std::int64_t>(lasts.count(),
                                one.minutes.value_or(lasts.count()));
}

bool is_answered(const episode::PreauthorizationRequest& request,
                 const episode::Case& facts) {
  return std::any_of(facts.authorizations().begin(),
                     facts.authorizations().end(), [&](const auto& entry) {
                       const auto& answer = entry.second;
                       return answer.request == request.source.key &&
                              episode::grant_of(answer, &request).decision !=
                                  episode::Decision::pended;
                     });
}

bool alike(const std::vector<Judgement>& left,
           const std::vector<Judgement>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const auto& one, const auto& other) {
                      return one.rule == other.rule && one.seen == other.seen;
                    });
}

void judge_slot(Booking& booking, const Staff& staff) {
  const auto& one = *booking.appointment;
  auto facts = booking.owner->facts;
  facts.set_count(program::Fact::booking_minutes, minutes_of(one));
  facts.set_count(program::Fact::booking_therapists,
                  static_cast<std::int64_t>(staff.size()));
  for (const auto fact :
       {program::Fact::booking_minutes, program::Fact::booking_therapists}) {
    facts.evidence(fact, one.source, "Appointment");
  }
  booking.judgements = judge(*booking.owner->policy, facts,
                             {program::Subject::booking, one.source.key, {}});
  const auto& ended = booking.owner->discharged;
  if (ended && *ended < booking.date) {
    booking.judgements.push_back(
        own(kBookedLater, one.source.key, ended->text()));
  }
  for (const auto& judgement : booking.judgements) {
    booking.fits &= !judgement.holds();
  }
}

}  // namespace

void Bookings::read(const Plan& plan, const episode::Case& facts,
                    const program::Programs& programs) {
  open_.clear();
  std::map<std::pair<const ReferralView*, LocalDate>, Staff> staff;
  for (const auto& [key, one] : facts.appointments()) {
    if (!is_open(one)) continue;
    const auto* owner = view_of(plan, facts, one.referral);
    if (owner == nullptr || !owner->open) continue;
    const auto date = programs.zone().date(one.period->start);
    auto& booking = open_.emplace_back();
    booking.appointment = &one;
    booking.owner = owner;
    booking.date = date;
    add_therapists(one, booking.date, facts, staff[{owner, booking.date}]);
  }
  asking_.clear();
  for (const auto& [key, request] : facts.requests()) {
    const auto* owner = view_of(plan, facts, request.referral);
    const bool asks = owner != nullptr && owner->open && !owner->discharged &&
                      !is_answered(request, facts);
    if (asks) asking_.insert(owner);
  }
  for (auto& booking : open_) {
    judge_slot(booking, staff.at({booking.owner, booking.date}));
  }
  std::sort(open_.begin(), open_.end(),
            [](const auto& left, const auto& right) {
              const auto& a = *left.appointment;
              const auto& b = *right.appointment;
              return std::tie(a.period->start, a.source.key) <
                     std::tie(b.period->start, b.source.key);
            });
}

void Bookings::put_back(Allocator& allocator) const {
  for (const auto& booking : open_) allocator.put_back(booking.take);
}

void Bookings::take_again(Allocator& allocator) const {
  for (const auto& booking : open_) allocator.take_again(booking.take);
}

std::optional<Allocator::Reservation> Bookings::reserve_slot(
    const Booking& booking, Allocator& allocator, Days& days) {
  auto& slots = days[{booking.owner, booking.date}];
  const auto before = slots.empty() ? 0 : pool(slots, {}).minutes;
  slots.push_back(*booking.appointment->period);
  const auto after = pool(slots, {}).minutes;
  auto made = allocator.reserve(
      {*booking.appointment, booking.date, before, after}, *booking.owner);
  if (!made) slots.pop_back();
  return made;
}

// What speaks against asking for more is said once somebody has to ask.
void Bookings::note_needs(const Owners& in_need, const Attendance& attendance,
                          LocalDate today, Plan& plan,
                          Reserved& reserved) const {
  const auto say = [&](const ReferralView& owner,
                       std::vector<Judgement> against) {
    const auto key = "extension|" + owner.root;
    const auto before = plan.others.find(key);
    const bool said = before != plan.others.end();
    if (said ? alike(before->second, against) : against.empty()) return;
    reserved.others.insert(key);
    if (against.empty()) {
      plan.others.erase(before);
    } else {
      plan.others[key] = std::move(against);
    }
  };
  for (const auto* owner : in_need_) {
    if (!in_need.contains(owner)) say(*owner, {});
  }
  for (const auto* owner : in_need) {
    const auto& held = attendance.of(owner->order);
    const auto last =
        held.empty() ? std::nullopt : std::optional(held.back()->date);
    say(*owner, against_extension(*owner, last, today));
  }
}

Bookings::Reserved Bookings::reserve(const Attendance& attendance,
                                     LocalDate today, Allocator& allocator,
                                     Plan& plan) {
  Reserved reserved;
  auto in_need = asking_;
  for (const auto& owner : plan.referrals) {
    const auto& held = attendance.of(owner.order);
    const bool goes_on = owner.open && !owner.discharged;
    if (goes_on && !held.empty() && asks_for_more(*held.back())) {
      in_need.insert(&owner);
    }
  }
  Days days;
  for (auto& booking : open_) {
    const auto before = booking.state;
    booking.take = {};
    booking.state = booking.fits ? State::none : State::unfit;
    if (attendance.on(booking.owner->order, booking.date)) {
      booking.state = State::attended;
    } else if (auto made = booking.fits ? reserve_slot(booking, allocator, days)
                                        : std::nullopt) {
      booking.state = State::reserved;
      booking.take = made->take;
      std::move(made->postings.begin(), made->postings.end(),
                std::back_inserter(reserved.postings));
    }
    const auto& owner = *booking.owner;
    if (booking.state == State::none) in_need.insert(&owner);
    if (booking.state == before) continue;
    const auto& key = booking.appointment->source.key;
    reserved.others.insert(key);
    reserved.foci.insert(key);
    reserved.foci.insert(owner.order->source.key);
    plan.others.erase(key);
    if (booking.state == State::attended) continue;
    auto& others = plan.others[key] = booking.judgements;
    if (booking.state == State::none) {
      others.push_back(unserved(owner, booking.date));
    }
  }
  note_needs(in_need, attendance, today, plan, reserved);
  in_need_ = std::move(in_need);
  return reserved;
}

}  // namespace gateway::billing
