#include "billing/standing_plan.h"

#include <algorithm>
#include <tuple>

#include "billing/claim_plans.h"
#include "billing/episode_plans.h"
#include "billing/judge.h"
#include "billing/lines.h"
#include "billing/posted.h"
#include "billing/referral_facts.h"
#include "billing/referrals.h"
#include "billing/settle.h"

namespace gateway::billing {
namespace {

using episode::Case;
using program::Fact;

TaskBoard::Origin origin_of(const Visit& visit) {
  return {TaskBoard::Origin::Kind::visit, visit.span.start, visit.key};
}

template <typename Value>
void erase_from(std::vector<Value>& values, std::size_t place) {
  values.erase(values.begin() + static_cast<std::ptrdiff_t>(place),
               values.end());
}

}  // namespace

struct StandingPlan::Step {
  using Place = std::pair<Instant, std::string>;
  Reach reach;
  std::vector<std::unique_ptr<Visit>> removed;
  Regrouped regrouped;
  std::optional<Place> from;       // the first visit that changed
  std::set<std::string> sessions;  // that were applied
  std::set<std::string> others;    // of the plan, by their keys
  std::set<const episode::Referral*> referrals;
  bool bookings = false;
  bool notes = false;

  void start_at(const Visit& visit) {
    const Place place{visit.span.start, visit.key};
    if (!from || place < *from) from = place;
  }
};

StandingPlan::StandingPlan(const Case& facts, const program::Programs& programs)
    : case_(facts),
      programs_(programs),
      charts_(facts, programs, attendance_) {}

StandingPlan::~StandingPlan() = default;

Reach StandingPlan::follow(Instant now) {
  const auto applied = case_.applied_since(applied_);
  bool kept =
      !stale_ && applied && is_timely(now) && pulls_ == case_.pull_count();
  const auto before = today_;
  now_ = now;
  today_ = programs_.zone().date(now);
  applied_ = case_.applied();
  pulls_ = case_.pull_count();
  if (!kept || !day_stands(before)) return decide_whole();
  Step step;
  pass_days(before, step);
  for (const auto& one : *applied) {
    kept = kept && sort(one, step);
    step.reach.arrived.insert(one.key);
  }
  kept = kept && (step.sessions.empty() || follow_sessions(step));
  if (kept && step.notes) kept = follow_notes(step);
  if (kept && step.bookings) kept = follow_bookings(step);
  if (!kept) return decide_whole();
  finish(step);
  return std::move(step.reach);
}

// The end of a week is followed; what else time brings is not.
bool StandingPlan::is_timely(Instant now) const {
  const auto ahead = [&](const std::optional<Instant>& turn) {
    return !turn || now < *turn;
  };
  return now >= now_ && ahead(next_.other) && ahead(next_turn_);
}

void StandingPlan::pass_days(LocalDate before, Step& step) {
  if (before == today_) return;
  for (const auto* visit : attendance_.pass_days(before, today_)) {
    step.start_at(*visit);
  }
  if (next_.week_end && *next_.week_end <= now_) find_next_change();
}

void StandingPlan::find_next_change() {
  next_ = billing::next_change(plan_, case_, programs_, now_);
  plan_.next_change = next_.first();
}

void StandingPlan::note_next(std::optional<Instant>& known, Instant when) {
  if (when > now_ && (!known || when < *known)) known = when;
  plan_.next_change = next_.first();
}

// What counts days until today is no reason to look at a case daily; once it is
// looked at, today's count holds.
bool StandingPlan::day_stands(LocalDate before) {
  if (before == today_) return true;
  return !bookings_.any_in_need() &&
         charts_.pass_days(today_, policies_, plan_);
}

std::optional<Instant> StandingPlan::next_change() const {
  if (!plan_.next_change) return next_turn_;
  if (!next_turn_) return plan_.next_change;
  return std::min(*plan_.next_change, *next_turn_);
}

void StandingPlan::note_emitted(std::optional<Instant> next_turn) {
  if (next_turn && (!next_turn_ || *next_turn < *next_turn_)) {
    next_turn_ = next_turn;
  }
  const auto applied = case_.applied_since(applied_);
  applied_ = case_.applied();
  if (!applied) {
    stale_ = true;
    return;
  }
  for (const auto& one : *applied) {
    if (one.key.starts_with("Provenance/")) continue;
    stale_ |= !one.own || one.awaited || case_.pulled(one.key) ||
              case_.has_correction(one.key);
    if (!one.key.starts_with("EpisodeOfCare/")) continue;
    // Whether it is finished is a fact of its own.
    const auto& episode = case_.emitted().find(one.key)->second;
    stale_ |= episode.source.version > 1 || episode.status == "finished";
  }
}

Reach StandingPlan::decide_whole() {
  stale_ = false;
  next_turn_.reset();
  plan_ = Plan();
  book_ = std::make_unique<VisitBook>(case_, programs_, plan_);
  tasks_ = TaskBoard();
  view_referrals(case_, programs_, now_, plan_);
  attended_ = attended_orders(case_, plan_);
  book_->pool_all(now_);
  attendance_.read_all(plan_, today_);
  charts_.read(plan_, today_);
  outstanding_ = Outstanding(case_);
  allocator_ = std::make_unique<Allocator>(case_, programs_, plan_);
  bookings_ = Bookings();
  policies_.clear();
  Step step;
  step.reach.whole = true;
  for (auto& visit : plan_.visits) {
    pin(visit);
    visit.stale = true;
    policies_.insert(visit.policy);
  }
  take_billed();
  // What was billed keeps its authorization, so it chooses first.
  for (auto& visit : plan_.visits) {
    if (visit.pinned.empty()) continue;
    allocator_->put_back(visit.take);
    settle(visit, step);
  }
  for (auto& visit : plan_.visits) {
    if (visit.pinned.empty()) settle(visit, step);
  }
  for (const auto& view : plan_.referrals) {
    step.referrals.insert(view.order);
    if (view.policy != nullptr) policies_.insert(view.policy);
    tasks_.put({TaskBoard::Origin::Kind::referral, {}, view.order->source.key},
               {&view.judgements});
  }
  bookings_.read(plan_, case_, programs_);
  for (const auto& [key, judgements] : plan_.others) step.others.insert(key);
  reserve_bookings(step);
  plan_claims(step.regrouped, case_, plan_);
  plan_episodes(step);
  plan_tasks(step);
  find_next_change();
  attending_.clear();
  for (const auto& [key, role] : case_.care_roles()) {
    if (!role.attending.empty()) attending_.insert(key);
  }
  return std::move(step.reach);
}

// --- following

// False where the whole has to be decided.
bool StandingPlan::sort(const Case::Applied& applied, Step& step) const {
  // What is awaited, or what others say of our own, may reach anything.
  if (applied.awaited || applied.own) return false;
  const auto& key = applied.key;
  const auto type = std::string_view(key).substr(0, key.find('/'));
  if (type == "Procedure" || type == "Encounter") {
    step.sessions.insert(key);
    const auto role = case_.care_roles().find(key);
    const bool attends =
        role != case_.care_roles().end() && !role->second.attending.empty();
    return !attends && !attending_.contains(key) && book_->stands_alone(key);
  }
  if (type == "Appointment") step.bookings = true;
  if (type == "DocumentReference" || type == "Composition") step.notes = true;
  static constexpr std::string_view kApart[] = {
      "Appointment", "DocumentReference", "Composition", "Patient",
      "Task",        "Provenance",        "AuditEvent"};
  return std::find(std::begin(kApart), std::end(kApart), type) !=
         std::end(kApart);
}

bool StandingPlan::follow_sessions(Step& step) {
  if (attended_orders(case_, plan_) != attended_) return false;
  auto repooled = book_->pool_around(step.sessions, now_);
  for (const auto& key : step.sessions) {
    step.others.insert(key);
    step.reach.foci.insert(key);
    const auto& session = case_.sessions().find(key)->second;
    if (session.period) note_next(next_.other, session.period->end);
  }
  for (const auto& key : repooled.treatments) {
    step.others.insert(key);
    step.reach.foci.insert(key);
    step.reach.arrived.insert(key);
  }
  for (auto* visit : repooled.added) {
    pin(*visit);
    if (!visit->pinned.empty()) return false;
    policies_.insert(visit->policy);
    if (visit->date.plus_days(8) >= today_) {
      note_next(next_.week_end, end_of_week(*visit, programs_));
    }
    step.referrals.insert(visit->referral);
  }
  for (const auto& visit : repooled.removed) {
    if (!visit->pinned.empty()) return false;
    leave(*visit, step);
  }
  const auto changed =
      attendance_.follow(repooled.removed, repooled.added, today_);
  if (!changed) return false;
  for (const auto* visit : *changed) step.start_at(*visit);
  step.removed = std::move(repooled.removed);
  return charts_.absences_stand(plan_);
}

// Notes of a date reach that date alone, unless the episode as a whole rests
// on them.
bool StandingPlan::follow_notes(Step& step) {
  charts_.refile(plan_);
  if (!charts_.stand(plan_, today_)) return false;
  for (auto& visit : plan_.visits) {
    if (visit.stale) continue;
    if (charts_.of(visit).notes_on(visit) == visit.notes) continue;
    visit.stale = true;
    step.start_at(visit);
  }
  find_next_change();
  return true;
}

bool StandingPlan::follow_bookings(Step& step) {
  if (!charts_.stand(plan_, today_)) return false;
  bookings_.put_back(*allocator_);
  for (const auto& booking : bookings_.open()) {
    plan_.others.erase(booking.appointment->source.key);
    touch(booking, step);
  }
  bookings_.read(plan_, case_, programs_);
  for (const auto& booking : bookings_.open()) touch(booking, step);
  return true;
}

void StandingPlan::touch(const Booking& booking, Step& step) {
  const auto& key = booking.appointment->source.key;
  step.others.insert(key);
  step.reach.foci.insert(key);
  step.reach.foci.insert(booking.owner->order->source.key);
}

void StandingPlan::finish(Step& step) {
  if (step.from) {
    settle_from(plan_.visits.place_of(
                    *step.from,
                    [](const Visit& visit, const Step::Place& wanted) {
                      return std::tie(visit.span.start, visit.key) <
                             std::tie(wanted.first, wanted.second);
                    }),
                step);
  }
  if (step.from || step.bookings || !step.removed.empty()) {
    reserve_bookings(step);
    plan_claims(step.regrouped, case_, plan_);
    plan_episodes(step);
  }
  plan_tasks(step);
  step.reach.claims.insert(step.regrouped.keys.begin(),
                           step.regrouped.keys.end());
}

// --- visits

const ReferralView& StandingPlan::view(const Visit& visit) const {
  return *std::find_if(
      plan_.referrals.begin(), plan_.referrals.end(),
      [&](const auto& one) { return one.order == visit.referral; });
}

void StandingPlan::pin(Visit& visit) const {
  const auto* billed = outstanding_.on(view(visit).root, visit.date);
  visit.pinned = billed == nullptr ? std::string() : billed->number;
  visit.billed = billed == nullptr ? Units() : billed->units;
}

// All bills in the payer's hands, before anybody chooses: those of visits, and
// those whose visits were withdrawn or moved since.
void StandingPlan::take_billed() {
  billed_.clear();
  std::map<const OutstandingDate*, Visit*> visits;
  for (auto& visit : plan_.visits) {
    const auto* billed = outstanding_.on(view(visit).root, visit.date);
    if (billed != nullptr) visits.emplace(billed, &visit);
  }
  for (const auto& [key, billed] : outstanding_) {
    if (billed.number.empty()) continue;
    const auto take = allocator_->take_billed(billed);
    const auto visit = visits.find(&billed);
    if (visit != visits.end()) {
      visit->second->take = take;
      continue;
    }
    for (auto& posting : Allocator::billed_postings(take, billed)) {
      billed_.push_back(std::move(posting));
    }
  }
}

// What a visit takes from others, it gives back when it leaves.
void StandingPlan::leave(const Visit& visit, Step& step) {
  allocator_->put_back(visit.take);
  step.referrals.insert(visit.referral);
  step.regrouped.left.push_back(&visit);
  step.start_at(visit);
  tasks_.put(origin_of(visit), {});
  touch(visit, step);
  step.reach.visits[visit.key] = nullptr;
}

void StandingPlan::touch(const Visit& visit, Step& step) const {
  if (!visit.claim_key.empty()) {
    step.regrouped.keys.insert(visit.claim_key);
    if (!step.reach.whole) step.reach.foci.insert("@" + visit.claim_key);
  }
  if (step.reach.whole) return;
  step.reach.visits[visit.key] = &visit;
  for (const auto* sessions : {&visit.segments, &visit.extras}) {
    for (const auto* session : *sessions) {
      step.reach.foci.insert(session->source.key);
    }
  }
  step.reach.causes.insert(visit.segments.front()->source.key);
}

void StandingPlan::settle_from(std::size_t place, Step& step) {
  for (auto i = place; i < plan_.visits.size(); ++i) {
    auto& visit = plan_.visits[i];
    if (visit.pinned.empty()) allocator_->put_back(visit.take);
  }
  bookings_.put_back(*allocator_);
  for (auto i = place; i < plan_.visits.size(); ++i) {
    auto& visit = plan_.visits[i];
    const bool pinned = !visit.pinned.empty();
    if (!visit.stale) {
      if (pinned) continue;
      if (allocator_->choose(visit, view(visit)) == visit.choice) {
        allocator_->take_again(visit.take);
        continue;
      }
    } else if (pinned) {
      allocator_->put_back(visit.take);
    }
    settle(visit, step);
  }
  bookings_.take_again(*allocator_);
}

void StandingPlan::settle(Visit& visit, Step& step) {
  const auto& owner = view(visit);
  touch(visit, step);
  prepare(visit, owner);
  // What was billed has chosen; what only its place in the week changes stays.
  const bool chosen = !step.reach.whole && !visit.pinned.empty();
  allocator_->apply(chosen ? visit.choice : allocator_->choose(visit, owner),
                    owner, visit);
  judge_visit(case_, programs_, owner, visit);
  await_void(outstanding_, plan_, visit);
  note_billed_first(outstanding_, owner, visit);
  allocator_->book(visit);
  tasks_.put(origin_of(visit), {&visit.judgements, &visit.billing});
  step.regrouped.settled.push_back(&visit);
  touch(visit, step);
  visit.stale = false;
}

void StandingPlan::prepare(Visit& visit, const ReferralView& owner) const {
  erase_from(visit.judgements, visit.pooled_judgements);
  erase_from(visit.inputs, visit.pooled_inputs);
  visit.facts = owner.facts;
  set_standing(owner, programs_.zone(), visit);
  charts_.set_visit(owner, visit);
  set_session_facts(case_, visit);
}

// --- bookings and accounts

// Bookings reserve, in order of time, what the sessions left.
void StandingPlan::reserve_bookings(Step& step) {
  bookings_.put_back(*allocator_);
  auto reserved = bookings_.reserve(attendance_, today_, *allocator_, plan_);
  step.others.merge(reserved.others);
  if (!step.reach.whole) step.reach.foci.merge(reserved.foci);
  auto postings = billed_;
  for (auto& one : reserved.postings) postings.push_back(std::move(one));
  close_accounts(std::move(postings), step);
}

void StandingPlan::close_accounts(std::vector<Posting> booked, Step& step) {
  plan_.balances.clear();
  allocator_->close(today_, plan_.balances, booked);
  if (booked == plan_.postings) return;
  for (const auto* postings : {&booked, &plan_.postings}) {
    for (const auto& one : *postings) {
      step.reach.causes.emplace(unversioned(one.cause));
    }
  }
  plan_.postings = std::move(booked);
}

// --- episodes and tasks

void StandingPlan::plan_episodes(Step& step) {
  for (const auto& owner : plan_.referrals) {
    if (!step.referrals.contains(owner.order)) continue;
    if (owner.program == Program::none) continue;
    auto episode = episode_of(owner, attendance_);
    const auto known = std::find_if(
        plan_.episodes.begin(), plan_.episodes.end(),
        [&](const auto& one) { return one.referral == owner.order; });
    if (known == plan_.episodes.end()) {
      plan_.episodes.push_back(std::move(episode));
    } else if (!(*known == episode)) {
      step.reach.episodes.insert(episode.key);
      *known = std::move(episode);
    }
  }
}

void StandingPlan::plan_tasks(Step& step) {
  for (const auto& key : step.others) {
    const auto found = plan_.others.find(key);
    TaskBoard::Judgements judgements;
    if (found != plan_.others.end()) judgements.push_back(&found->second);
    tasks_.put({TaskBoard::Origin::Kind::other, {}, key}, judgements);
  }
  auto foci = tasks_.write(plan_.tasks, [this](const std::string& focus) {
    return patient_of(focus);
  });
  step.reach.foci.merge(foci);
}

std::string StandingPlan::patient_of(const std::string& focus) const {
  const auto find = [&](const auto& records) -> std::string {
    const auto found = records.find(focus);
    return found == records.end() ? std::string() : found->second.patient;
  };
  for (auto patient :
       {find(case_.referrals()), find(case_.sessions()),
        find(case_.authorizations()), find(case_.appointments())}) {
    if (!patient.empty()) return patient;
  }
  if (!focus.starts_with('@')) return {};
  const auto* claim = claim_of(plan_, std::string_view(focus).substr(1));
  return claim == nullptr ? std::string() : claim->visits[0]->referral->patient;
}

}  // namespace gateway::billing
