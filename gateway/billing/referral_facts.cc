#include "billing/referral_facts.h"

#include <algorithm>
#include <set>

#include "billing/documents.h"

namespace gateway::billing {
namespace {

using episode::Case;
using episode::Referral;
using program::Fact;

constexpr std::string_view kWorkersCompensation = "WCBPOL";

std::int64_t weeks_times_rate(const episode::Frequency& frequency) {
  if (!frequency.low || !frequency.weeks) return 0;
  return *frequency.low * *frequency.weeks / 1000;
}

// Visits as the order writes them, else what frequency and duration make.
std::optional<std::int64_t> ordered(const Referral& order) {
  if (order.ordered_visits) return order.ordered_visits;
  const auto visits = weeks_times_rate(order.frequency);
  if (visits == 0) return std::nullopt;
  return visits;
}

// Facts of the diagnoses as they stand on a day.
void set_diagnoses(const program::Site& site, const program::Policy& policy,
                   const ReferralView& view, LocalDate day,
                   program::Facts& facts) {
  const auto& rules = policy.rules;
  const auto& codes = view.diagnoses;
  const auto dates = site.diagnosis_dates.find(rules.diagnosis_dates);
  const bool dated = dates != site.diagnosis_dates.end() && !codes.empty();
  if (dated) {
    const auto valid = dates->second.all_valid(codes, day);
    if (valid) {
      facts.set(Fact::referral_valid_diagnoses, *valid);
    } else {
      facts.forget(Fact::referral_valid_diagnoses);
    }
  }
  const auto regions = site.regions.find(rules.region_rules);
  if (regions == site.regions.end()) return;
  // A code that is not valid lies nowhere.
  const bool known = !dated || dates->second.valid(codes.front(), day);
  facts.set(
      Fact::referral_region_allowed,
      known && regions->second.judge(codes) == program::RegionVerdict::allow);
}

// Whether somebody came to a session of it.
bool was_attended(const Case& facts, const Referral& order) {
  const auto& sessions = facts.sessions();
  return std::any_of(sessions.begin(), sessions.end(), [&](const auto& one) {
    const auto& session = one.second;
    return session.state == episode::Session::State::attended &&
           session.kind == episode::Session::Kind::program &&
           facts.in_force(session.referral) == &order;
  });
}

class FactSetter {
 public:
  FactSetter(const Case& facts, const program::Programs& programs,
             LocalDate today, const Plan& plan)
      : case_(facts), programs_(programs), today_(today), plan_(plan) {}

  bool attending(const Referral& order) const {
    if (programs_.site().requester_is_attending) return true;
    std::set<std::string> names = {order.requester};
    const auto role = case_.roles().find(order.requester);
    if (role != case_.roles().end()) {
      if (role->second.attends_on(order.authored)) return true;
      names.insert(role->second.practitioner);
    }
    for (const auto& [key, other] : case_.roles()) {
      const bool requester = other.practitioner == order.requester;
      if (requester && other.attends_on(order.authored)) return true;
    }
    for (const auto& [key, care] : case_.care_roles()) {
      if (care.patient != order.patient) continue;
      for (const auto& member : care.attending) {
        if (names.contains(member)) return true;
      }
    }
    return false;
  }

  void set(ReferralView& view) const {
    const auto& order = *view.order;
    auto& facts = view.facts;
    const auto note = [&](Fact fact, std::string_view path) {
      facts.evidence(fact, order.source, path);
    };
    add_bodies(view);
    facts.set(Fact::referral_active,
              order.status == "active" || order.status == "completed");
    facts.set(Fact::referral_for_program, view.program != Program::none);
    note(Fact::referral_for_program, "ServiceRequest.code");
    facts.set(Fact::referral_has_requester, !order.requester.empty());
    facts.set(Fact::referral_by_attending,
              !order.requester.empty() && attending(order));
    note(Fact::referral_by_attending, "ServiceRequest.requester");
    const auto& frequency = order.frequency;
    facts.set(Fact::referral_as_needed, frequency.as_needed);
    note(Fact::referral_as_needed, "ServiceRequest.asNeeded");
    if (frequency.low) {
      facts.set_number(Fact::referral_per_week_low, *frequency.low);
      note(Fact::referral_per_week_low, "ServiceRequest.occurrence");
    }
    if (frequency.high) {
      facts.set_number(Fact::referral_per_week_high, *frequency.high);
    }
    if (frequency.weeks)
      facts.set_count(Fact::referral_weeks, *frequency.weeks);
    if (const auto visits = ordered(order)) {
      facts.set_count(Fact::referral_ordered_visits, *visits);
    }
    facts.set(Fact::referral_has_diagnosis, !view.diagnoses.empty());
    facts.set(Fact::referral_by_physician,
              facts.value(Fact::referral_by_attending) == 1 ||
                  physician(order.requester));
    note(Fact::referral_by_physician, "ServiceRequest.requester");
    note_requester(view);
    set_region(view);
    set_employment(view);
    facts.set_count(Fact::referral_programmes, programmes(view));
    set_coverage_facts(view);
  }

  // What requirements that read whole resources see of a referral.
  void add_bodies(ReferralView& view) const {
    const auto add = [&](const std::string& key) {
      view.facts.add_resource(case_.body(key));
    };
    add(view.order->source.key);
    if (view.coverage != nullptr) add(view.coverage->source.key);
    for (const auto& key : view.order->conditions) add(key);
    for (const auto* grant : view.grants) add(grant->authorization->source.key);
  }

  bool physician(const std::string& requester) const {
    const auto is_one = [this](const std::string& key) {
      const auto found = case_.practitioners().find(key);
      return found != case_.practitioners().end() && found->second.physician;
    };
    const auto role = case_.roles().find(requester);
    if (role == case_.roles().end()) return is_one(requester);
    return role->second.physician || is_one(role->second.practitioner);
  }

  // Whoever ordered, and in which role.
  void note_requester(ReferralView& view) const {
    const auto role = case_.roles().find(view.order->requester);
    const auto person = case_.practitioners().find(
        role == case_.roles().end() ? view.order->requester
                                    : role->second.practitioner);
    for (const auto fact :
         {Fact::referral_by_attending, Fact::referral_by_physician}) {
      if (role != case_.roles().end()) {
        view.facts.evidence(fact, role->second.source, "PractitionerRole.code");
      }
      if (person != case_.practitioners().end()) {
        view.facts.evidence(fact, person->second.source,
                            "Practitioner.qualification");
      }
    }
  }

  // The last that was observed (LOINC 74165-2, employment status, or our own
  // code for it).
  void set_employment(ReferralView& view) const {
    const episode::Evidence* last = nullptr;
    for (const auto& [key, item] : case_.evidence()) {
      const bool tells = item.code == kEmployment || item.code == kWorkStatus;
      if (!tells || says_nothing(item) || item.patient != view.patient) {
        continue;
      }
      if (last == nullptr || last->date < item.date) last = &item;
    }
    if (last == nullptr) return;
    view.facts.set(Fact::referral_not_working, last->not_working);
    view.facts.evidence(Fact::referral_not_working, last->source,
                        "Observation.value");
  }

  void set_region(ReferralView& view) const {
    set_diagnoses(programs_.site(), *view.policy, view, view.written,
                  view.facts);
    for (const auto& key : view.order->conditions) {
      const auto found = case_.conditions().find(key);
      if (found == case_.conditions().end()) continue;
      for (const auto fact :
           {Fact::referral_region_allowed, Fact::referral_valid_diagnoses}) {
        if (!view.facts.known(fact)) continue;
        view.facts.evidence(fact, found->second.source, "Condition.code");
      }
    }
  }

  // This referral and the earlier ones of the same injury and program that
  // were attended.
  std::int64_t programmes(const ReferralView& view) const {
    std::int64_t count = 0;
    const auto when = [](const ReferralView& one) {
      return std::pair(one.order->authored.value_or(LocalDate()),
                       one.order->source.key);
    };
    for (const auto& other : plan_.referrals) {
      const bool same_injury =
          view.coverage != nullptr && other.coverage != nullptr &&
          view.coverage->claim_number == other.coverage->claim_number;
      if (&other == &view ||
          (other.open && same_injury && counts(view, other) &&
           when(other) < when(view) && was_attended(case_, *other.order))) {
        ++count;
      }
    }
    return count;
  }

  // A jurisdiction may allow one program of an injury, of whichever kind.
  static bool counts(const ReferralView& view, const ReferralView& other) {
    return view.policy->rules.one_program_per_injury ||
           other.program == view.program;
  }

  void set_coverage_facts(ReferralView& view) const {
    auto& facts = view.facts;
    facts.set(Fact::coverage_present, view.coverage != nullptr);
    facts.set(Fact::coverage_has_injury_date, view.injury.has_value());
    for (const auto& key : view.order->conditions) {
      const auto found = case_.conditions().find(key);
      if (found == case_.conditions().end()) continue;
      facts.evidence(Fact::coverage_has_injury_date, found->second.source,
                     "Condition.onset");
    }
    facts.set(Fact::coverage_medicare, false);
    if (view.coverage == nullptr) return;
    const auto& coverage = *view.coverage;
    facts.set(Fact::coverage_workers_compensation,
              coverage.type == kWorkersCompensation);
    facts.evidence(Fact::coverage_workers_compensation, coverage.source,
                   "Coverage.type");
    facts.set(Fact::coverage_has_claim_number, !coverage.claim_number.empty());
    facts.evidence(Fact::coverage_has_claim_number, coverage.source,
                   "Coverage.identifier");
    for (const auto& pack : view.policy->packs) {
      if (pack->id == "medicare") facts.set(Fact::coverage_medicare, true);
    }
  }

 private:
  const Case& case_;
  const program::Programs& programs_;
  LocalDate today_;
  const Plan& plan_;
};

}  // namespace

std::set<const Referral*> attended_orders(const Case& facts, const Plan& plan) {
  std::set<const Referral*> orders;
  if (plan.referrals.size() < 2) return orders;
  for (const auto& view : plan.referrals) {
    if (was_attended(facts, *view.order)) orders.insert(view.order);
  }
  return orders;
}

bool set_diagnoses_of_date(const program::Programs& programs,
                           const ReferralView& owner, Visit& visit) {
  const auto& site = programs.site();
  const auto& name = visit.policy->rules.diagnosis_dates;
  const auto dates = site.diagnosis_dates.find(name);
  if (dates == site.diagnosis_dates.end()) return false;
  const auto& table = dates->second;
  const bool differs = std::any_of(
      owner.diagnoses.begin(), owner.diagnoses.end(), [&](const auto& code) {
        return table.valid(code, owner.written) !=
               table.valid(code, visit.date);
      });
  if (differs) {
    set_diagnoses(site, *visit.policy, owner, visit.date, visit.facts);
  }
  return differs;
}

void set_referral_facts(const Case& facts, const program::Programs& programs,
                        LocalDate today, const Plan& plan, ReferralView& view) {
  FactSetter(facts, programs, today, plan).set(view);
}

}  // namespace gateway::billing
