#include "billing/decide.h"

#include <algorithm>
#include <map>
#include <set>

#include "billing/allocate.h"
#include "billing/chart.h"
#include "billing/eligibility.h"
#include "billing/extension.h"
#include "billing/judge.h"
#include "billing/lines.h"
#include "billing/next_change.h"
#include "billing/referrals.h"
#include "billing/visits.h"

namespace gateway::billing {
namespace {

using episode::Case;
using program::Fact;
using program::Subject;

class Decider {
 public:
  Decider(const Case& facts, const program::Programs& programs, Instant now)
      : case_(facts), programs_(programs), now_(now) {}

  Plan decide() {
    view_referrals(case_, programs_, now_, plan_);
    pool_visits(case_, programs_, now_, plan_);
    read_charts();
    prepare_visits();
    Allocator allocator(case_, programs_, plan_);
    // What was billed keeps its authorization, so it chooses first.
    for (auto& visit : plan_.visits) {
      if (!visit.pinned.empty()) settle(visit, allocator);
    }
    for (auto& visit : plan_.visits) {
      if (visit.pinned.empty()) settle(visit, allocator);
    }
    book_appointments(allocator);
    allocator.close(now_);
    for (const auto& visit : plan_.visits) plan_claim(visit);
    for (const auto& view : plan_.referrals) plan_episode(view);
    plan_tasks();
    plan_.next_change = next_change(plan_, case_, programs_, now_);
    return std::move(plan_);
  }

 private:
  const ReferralView& view(const Visit& visit) const {
    return *view_of(plan_, case_, visit.referral->source.key);
  }

  // Facts of the documentation, for each referral.
  void read_charts() {
    const auto today = programs_.zone().date(now_);
    for (auto& view : plan_.referrals) {
      charts_.try_emplace(view.patient, case_, programs_, view.patient);
      const auto& chart = charts_.at(view.patient);
      std::optional<LocalDate> first;
      for (const auto& visit : plan_.visits) {
        if (visit.referral == view.order && !first) first = visit.date;
      }
      chart.set_episode(view.facts, first, today);
      chart.set_discharge(view);
      set_lead(view, first);
      if (view.policy == nullptr) continue;
      view.facts.set_count(Fact::episode_absences,
                           chart.absences(*view.policy));
    }
  }

  // Days from the order to the first day that is booked or attended (A11).
  void set_lead(ReferralView& view, std::optional<LocalDate> first) const {
    for (const auto& [key, booking] : case_.appointments()) {
      const bool open = booking.status == "booked" ||
                        booking.status == "arrived" ||
                        booking.status == "fulfilled";
      if (!open || !booking.period ||
          case_.in_force(booking.referral) != view.order) {
        continue;
      }
      const auto date = programs_.zone().date(booking.period->start);
      if (!first || date < *first) first = date;
    }
    if (!first || !view.order->authored) return;
    view.facts.set_count(Fact::referral_lead_days,
                         days_between(*view.order->authored, *first));
  }

  // What depends on the visits before: order within the week and the episode.
  void prepare_visits() {
    struct Week {
      std::int64_t attended = 0;
      Visit* last = nullptr;
    };
    std::map<const episode::Referral*, std::vector<LocalDate>> dates;
    std::map<std::pair<const episode::Referral*, LocalDate>, Week> weeks;
    for (auto& visit : plan_.visits) {
      auto& attended = dates[visit.referral];
      attended.push_back(visit.date);
      const auto days = days_between(attended.front(), visit.date) + 1;
      visit.facts = view(visit).facts;
      visit.facts.set_count(Fact::episode_days, days);
      visit.facts.set_count(Fact::session_ordinal,
                            static_cast<std::int64_t>(attended.size()));
      auto& week =
          weeks[{visit.referral,
                 visit.date.week_start(visit.policy->rules.week_start)}];
      week.last = &visit;
      visit.facts.set_count(Fact::week_ordinal, ++week.attended);
      set_bounds(visit, days);
      visit.pinned = pinned(visit);
      find_parties(case_, programs_, visit);
      count_units(visit);
      charts_.at(visit.referral->patient).set_visit(visit);
    }
    const auto today = programs_.zone().date(now_);
    for (const auto& [key, week] : weeks) {
      if (key.second.plus_days(7) > today) continue;
      week.last->facts.set(Fact::week_over, true);
      week.last->facts.set_count(Fact::week_attended, week.attended);
    }
    set_halves();
  }

  // Half of what is granted, rounded up, is when a progress note is due.
  void set_halves() {
    for (auto& visit : plan_.visits) {
      std::int64_t granted = 0;
      bool extension = false;
      for (const auto* grant : view(visit).grants) {
        if (!grant->usable()) continue;
        granted += grant->visits.value_or(0);
        extension |= grant->to && *grant->to < visit.date;
      }
      const auto half = visit.policy->rules.half_of_visits;
      const auto ordinal = visit.facts.value(Fact::session_ordinal).value_or(0);
      visit.facts.set(Fact::session_past_half,
                      granted > 0 && ordinal * 1000 >= granted * half);
      visit.facts.set(Fact::session_extension, extension);
    }
  }

  static void set_bounds(Visit& visit, int days) {
    const auto& frequency = visit.referral->frequency;
    bool within = true;
    if (frequency.from) within &= *frequency.from <= visit.date;
    if (frequency.to) within &= visit.date <= *frequency.to;
    if (frequency.weeks && !frequency.from) {
      within &= days <= *frequency.weeks * 7;
    }
    visit.facts.set(Fact::session_within_bounds, within);
  }

  // The authorization under which a pulled claim bills this date.
  std::string pinned(const Visit& visit) const {
    const auto prefix = "claim|" + view(visit).root + "|";
    const auto date = " " + visit.date.text() + " ";
    std::string number;
    for (const auto& [reference, emitted] : case_.emitted()) {
      if (!emitted.key.starts_with(prefix) || emitted.status != "active" ||
          !case_.pulled(reference) ||
          emitted.financial.find(date) == std::string::npos) {
        continue;
      }
      number = emitted.authorization_number;
    }
    return number;
  }

  // Claims are grouped by day, or by week; never across two authorizations,
  // rendering providers, places of service or calendar years.
  std::string claim_key(const Visit& visit) const {
    const auto& rules = visit.policy->rules;
    const auto head = "claim|" + view(visit).root + "|";
    if (rules.grouping == program::Grouping::day) {
      return head + visit.date.text();
    }
    const auto week = visit.date.week_start(rules.week_start);
    const auto year = static_cast<int>(visit.date.ymd().year());
    return head + "week " + week.text() + "|" + std::to_string(year) + "|" +
           (visit.grant == nullptr ? std::string() : visit.grant->number) +
           "|" + visit.rendering + "|" + visit.place_of_service;
  }

  void settle(Visit& visit, Allocator& allocator) {
    const auto& owner = view(visit);
    const auto& focus = visit.segments.front()->source.key;
    allocator.choose(visit, owner);
    if (visit.grant != nullptr) mark_extension(visit, owner);
    check_policy(visit, focus);
    for (auto& one : judge(*visit.policy, visit.facts,
                           {Subject::session, focus, visit.date})) {
      visit.judgements.push_back(std::move(one));
    }
    pass_on_holds(owner, visit, focus);
    visit.claim_key = claim_key(visit);
    if (visit.units.first == 0) visit.billable = false;
    if (visit.billable) make_lines(case_, programs_, owner, visit);
    allocator.book(visit);
  }

  // A date under a second authorization rests on an extension.
  static void mark_extension(Visit& visit, const ReferralView& owner) {
    for (const auto* grant : owner.grants) {
      const bool before = grant->usable() && grant != visit.grant &&
                          grant->from && visit.grant->from &&
                          *grant->from < *visit.grant->from;
      if (before) visit.facts.set(Fact::session_extension, true);
    }
  }

  // A policy has periods: on some days none of a payer's rules is in force.
  static void check_policy(Visit& visit, const std::string& focus) {
    const auto& packs = visit.policy->packs;
    const bool in_force =
        std::any_of(packs.begin(), packs.end(),
                    [](const auto& pack) { return !pack->composed_into_all; });
    if (in_force) return;
    visit.judgements.push_back(
        own({"program/no-policy", "No policy was in force on this day",
             "a date on which the payer's policy applies",
             "ask the payer which rules apply", "review-session",
             "Procedure.performed", fhir::Actor::payer},
            focus, visit.date.text()));
  }

  // A session under a held referral is held for the referral's reasons.
  static void pass_on_holds(const ReferralView& owner, Visit& visit,
                            const std::string& focus) {
    if (!owner.held) return;
    if (!owner.open) {
      visit.judgements.push_back(
          own({"referral/not-active", "The referral was revoked",
               "an active referral", "send the session under an active order",
               "review-session", "ServiceRequest.status"},
              focus, owner.order->status));
      return;
    }
    for (const auto& one : owner.judgements) {
      if (!one.holds()) continue;
      auto passed = one;
      passed.focus = focus;
      passed.task = "review-session";
      visit.judgements.push_back(std::move(passed));
    }
  }

  // Bookings reserve, in order of time, what the sessions left.
  void book_appointments(Allocator& allocator) {
    std::vector<const episode::Appointment*> booked;
    for (const auto& [key, one] : case_.appointments()) {
      const bool open = one.status == "booked" || one.status == "arrived" ||
                        one.status == "checked-in" || one.status == "pending";
      if (open && one.period) booked.push_back(&one);
    }
    std::sort(booked.begin(), booked.end(), [](const auto* a, const auto* b) {
      return std::tie(a->period->start, a->source.key) <
             std::tie(b->period->start, b->source.key);
    });
    std::set<const ReferralView*> in_need;
    for (const auto* one : booked) {
      const auto* owner = view_of(plan_, case_, one->referral);
      if (owner == nullptr || !owner->open) continue;
      const auto date = programs_.zone().date(one->period->start);
      if (attended(*owner, date) || !fits(*one, *owner)) continue;
      if (!allocator.book_booking(*one, *owner, date)) in_need.insert(owner);
    }
    const auto today = programs_.zone().date(now_);
    for (const auto* owner : in_need) {
      auto against = against_extension(*owner, today);
      if (against.empty()) continue;
      plan_.others["extension|" + owner->root] = std::move(against);
    }
  }

  // A slot that is too short is refused: it reserves nothing.
  bool fits(const episode::Appointment& booking, const ReferralView& owner) {
    auto facts = owner.facts;
    const auto length = booking.period->end - booking.period->start;
    facts.set_count(
        Fact::booking_minutes,
        std::chrono::duration_cast<std::chrono::minutes>(length).count());
    facts.evidence(Fact::booking_minutes, booking.source, "Appointment");
    bool fits = true;
    auto& others = plan_.others[booking.source.key];
    for (auto& one : judge(*owner.policy, facts,
                           {Subject::booking, booking.source.key, {}})) {
      fits &= !one.holds();
      others.push_back(std::move(one));
    }
    return fits;
  }

  bool attended(const ReferralView& owner, LocalDate date) const {
    return std::any_of(
        plan_.visits.begin(), plan_.visits.end(), [&](const Visit& visit) {
          return visit.referral == owner.order && visit.date == date;
        });
  }

  void plan_claim(const Visit& visit) {
    if (!visit.billable || visit.lines.empty()) return;
    const auto known = claims_.find(visit.claim_key);
    if (known != claims_.end()) {
      join(plan_.claims[known->second], visit);
      return;
    }
    const auto& owner = view(visit);
    ClaimPlan claim;
    claim.key = visit.claim_key;
    claim.visits = {&visit};
    claim.held = visit.held();
    claim.diagnoses = owner.diagnoses;
    claim.coverage = owner.coverage;
    claim.insurer = owner.insurer;
    claim.injury = owner.injury;
    if (owner.coverage != nullptr) {
      claim.claim_number = owner.coverage->claim_number;
    }
    if (visit.grant != nullptr) {
      claim.authorization = visit.grant->number;
      claim.grant = visit.grant->authorization->source.key;
    } else if (const auto* said = eligibility_on(case_, owner, visit.date);
               said != nullptr && !*said->authorization_required) {
      claim.authorization = said->number;
    }
    claim.requester = visit.referral->requester;
    claim.rendering = visit.rendering;
    claim.total = add_up(Decimal(0, 2), visit.lines);
    const auto days = visit.policy->rules.timely_filing_days;
    if (days > 0) claim.file_by = visit.date.plus_days(static_cast<int>(days));
    claims_[claim.key] = plan_.claims.size();
    plan_.claims.push_back(std::move(claim));
  }

  static void join(ClaimPlan& claim, const Visit& visit) {
    claim.visits.push_back(&visit);
    claim.held |= visit.held();
    if (claim.total) claim.total = add_up(*claim.total, visit.lines);
  }

  // Nothing where a line has no price: a total is never less than its lines.
  static std::optional<Decimal> add_up(const Decimal& start,
                                       const std::vector<Line>& lines) {
    std::optional<Decimal> sum = start;
    for (const auto& line : lines) {
      if (!line.net || !sum) return std::nullopt;
      sum = sum->plus(*line.net);
    }
    return sum;
  }

  void plan_episode(const ReferralView& owner) {
    if (owner.program == Program::none) return;
    EpisodePlan episode;
    episode.key = "episode|" + owner.root;
    episode.referral = owner.order;
    episode.program = owner.program;
    for (const auto& visit : plan_.visits) {
      if (visit.referral != owner.order) continue;
      if (!episode.start) episode.start = visit.date;
      if (episode.organization.empty()) episode.organization = visit.provider;
    }
    episode.status = episode.start ? "active" : "planned";
    if (!owner.open) episode.status = episode.start ? "finished" : "cancelled";
    if (owner.facts.value(Fact::episode_discharged) == 1) {
      episode.status = "finished";
    }
    plan_.episodes.push_back(std::move(episode));
  }

  // One task holds all open findings of one focus and one code.
  void plan_tasks() {
    std::map<std::string, TaskPlan> tasks;
    for (const auto* one : plan_.unmet()) {
      if (one->task.empty() || one->weight == program::Weight::info) continue;
      auto& task = tasks["task|" + one->focus + "|" + std::string(one->task)];
      task.focus = one->focus;
      task.code = one->task;
      const auto& findings = task.findings;
      auto finding = one->finding();
      if (std::find(findings.begin(), findings.end(), finding) !=
          findings.end()) {
        continue;
      }
      task.findings.push_back(std::move(finding));
    }
    for (auto& [key, task] : tasks) {
      task.key = key;
      task.patient = patient_of(task.focus);
      plan_.tasks.push_back(std::move(task));
    }
  }

  std::string patient_of(const std::string& focus) const {
    const auto find = [&](const auto& records) -> std::string {
      const auto found = records.find(focus);
      return found == records.end() ? std::string() : found->second.patient;
    };
    for (auto patient :
         {find(case_.referrals()), find(case_.sessions()),
          find(case_.authorizations()), find(case_.appointments())}) {
      if (!patient.empty()) return patient;
    }
    for (const auto& claim : plan_.claims) {
      if (focus == "@" + claim.key) return claim.visits[0]->referral->patient;
    }
    return {};
  }

  const Case& case_;
  const program::Programs& programs_;
  Instant now_;
  Plan plan_;
  std::map<std::string, Chart> charts_;
  std::map<std::string, std::size_t> claims_;  // place in plan_.claims by key
};

}  // namespace

bool Visit::held() const {
  const auto holds = [](const Judgement& one) { return one.holds(); };
  return std::any_of(judgements.begin(), judgements.end(), holds) ||
         std::any_of(billing.begin(), billing.end(), holds);
}

std::vector<const Judgement*> Plan::unmet() const {
  std::vector<const Judgement*> found;
  const auto add = [&found](const std::vector<Judgement>& judgements) {
    for (const auto& one : judgements) {
      if (one.verdict == Verdict::unmet) found.push_back(&one);
    }
  };
  for (const auto& view : referrals) add(view.judgements);
  for (const auto& [key, judgements] : others) add(judgements);
  for (const auto& visit : visits) {
    add(visit.judgements);
    add(visit.billing);
  }
  return found;
}

std::vector<const Posting*> Plan::all_postings() const {
  std::vector<const Posting*> all;
  for (const auto& visit : visits) {
    for (const auto& one : visit.postings) all.push_back(&one);
  }
  for (const auto& one : postings) all.push_back(&one);
  return all;
}

Plan decide(const episode::Case& facts, const program::Programs& programs,
            Instant now) {
  return Decider(facts, programs, now).decide();
}

}  // namespace gateway::billing
