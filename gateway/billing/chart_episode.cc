#include <algorithm>
#include <tuple>

#include "billing/business_days.h"
#include "billing/chart.h"
#include "billing/documents.h"

namespace gateway::billing {
namespace {

using episode::Evidence;
using program::Fact;
using program::Facts;

constexpr std::string_view kEvaluation = "evaluation";  // a document type
constexpr std::string_view kDischarge = "discharge-summary";

bool is_document(const Evidence&) { return true; }

// What was written of an earlier episode says nothing of this one.
bool is_since(const Evidence& item, std::optional<LocalDate> since) {
  return !since || !item.date || *since <= *item.date;
}

// Observations that tell of the job and of work, not of the first visit.
bool measures_patient(const Evidence& item) {
  return item.has_value && item.code != kEmployment &&
         item.code != kWorkStatus && item.code != kDemandLevel;
}

}  // namespace

template <typename Fits>
void Chart::find(Facts& facts, Fact fact,
                 std::initializer_list<std::string_view> kinds,
                 const Fits& fits) const {
  bool found = false;
  for (const auto kind : kinds) {
    for (const auto* item : of(kind)) {
      if (!fits(*item)) continue;
      found = true;
      facts.evidence(fact, item->source, item->type);
    }
  }
  facts.set(fact, found);
}

void Chart::set_episode(ReferralView& view, const Course& course) const {
  auto& facts = view.facts;
  view.since = course.since();
  for (const auto* item : attesting_) {
    for (const auto& one : item->attestations) facts.attest(one, item->source);
  }
  set_documents(facts, course);
  set_first_day(facts, course.first);
  set_plans(facts, course);
  set_people(facts);
  set_barriers(facts, course);
  set_therapy(facts, course);
  set_areas(facts, course);
  set_progress(view);
  const auto counted = days(course);
  if (!counted.evaluation) return;
  facts.set_count(Fact::episode_evaluation_days, *counted.evaluation);
  for (const auto* item : evaluations(course)) {
    facts.evidence(Fact::episode_evaluation_days, item->source, item->type);
  }
}

// What is not documented yet is as late as today.
Chart::Days Chart::days(const Course& course) const {
  Days counted;
  if (!course.first) return counted;
  std::optional<LocalDate> documented;
  for (const auto* item : evaluations(course)) {
    const bool earlier =
        !documented || (item->date && *item->date < *documented);
    if (earlier) documented = item->date;
  }
  counted.evaluation =
      business_days(*course.first, documented.value_or(course.today));
  return counted;
}

Chart::Items Chart::evaluations(const Course& course) const {
  Items found;
  for (const auto* kind : {"QuestionnaireResponse", "Composition"}) {
    for (const auto* item : of(kind)) {
      const bool evaluates = item->kind == kEvaluation ||
                             (item->kind.empty() && item->areas.any());
      if (evaluates && item->parts > 0 && is_since(*item, course.since())) {
        found.push_back(item);
      }
    }
  }
  return found;
}

void Chart::set_documents(Facts& facts, const Course& course) const {
  find(facts, Fact::episode_job_analysis, {"job-analysis"}, is_document);
  const auto since = course.since();
  const auto of_episode = [&](const auto& item) {
    return is_since(item, since);
  };
  find(facts, Fact::episode_progress_note, {kProgressNote},
       [&](const auto& note) { return is_since(note, course.first); });
  find(facts, Fact::episode_note_structured, {kProgressNote},
       [&](const auto& note) {
         return note.parts > 0 && is_since(note, course.first);
       });
  find(facts, Fact::episode_discharge_report, {kDischarge}, of_episode);
  // What was scanned has sections that no machine counts.
  for (const auto* report : of(kDischarge)) {
    if (report->type != "Composition" || !of_episode(*report)) continue;
    const auto most = facts.value(Fact::episode_report_sections).value_or(0);
    facts.set_count(Fact::episode_report_sections,
                    std::max(most / 1000, report->parts));
    facts.evidence(Fact::episode_report_sections, report->source, report->type);
  }
  find(facts, Fact::episode_demand_level,
       {"Observation " + std::string(kDemandLevel)}, [](const auto& item) {
         return episode::is_demand_level(item.value_words);
       });
  // From the order on, and with somebody else than the patient.
  find(facts, Fact::episode_communication, {"Communication"},
       [&](const auto& item) {
         const bool outward =
             std::any_of(item.recipients.begin(), item.recipients.end(),
                         [&](const auto& party) {
                           return !party.starts_with("Patient/") &&
                                  party != "patient" && party != patient_;
                         });
         return outward && item.date && (!since || *item.date >= *since);
       });
  find(facts, Fact::episode_goal, {"Goal"},
       [](const auto& goal) { return goal.has_target; });
  facts.set_count(Fact::episode_goals,
                  static_cast<std::int64_t>(of("Goal").size()));
  for (const auto* goal : of("Goal")) {
    facts.evidence(Fact::episode_goals, goal->source, goal->type);
  }
}

// What belongs to the first visit, or comes before it.
void Chart::set_first_day(Facts& facts, std::optional<LocalDate> first) const {
  find(facts, Fact::episode_consent, {"Consent"}, [&](const auto& item) {
    return item.status == "active" && item.consents && item.date &&
           (!first || *item.date <= *first);
  });
  // A page, or a consent of that category: both are signed on the first visit.
  find(facts, Fact::episode_dedication, {"dedication-page"},
       [&](const auto& item) {
         const bool stands = item.type != "Consent" ||
                             (item.status == "active" && item.consents);
         return stands && item.by_patient && item.by_practitioner && first &&
                item.date == first;
       });
  find(facts, Fact::episode_baseline, {"QuestionnaireResponse", "Observation"},
       [&](const auto& item) {
         const bool tells = item.type == "Observation" ? measures_patient(item)
                                                       : item.answers > 0;
         return tells && first && item.date == first;
       });
}

void Chart::set_plans(Facts& facts, const Course& course) const {
  const auto& first = course.first;
  const auto plans = [&](const Evidence& item) {
    return plans_stay(item, first, course.order);
  };
  for (const auto* item : of("CarePlan")) {
    if (!first || !item->date || !plans(*item)) continue;
    const std::int64_t days =
        std::max(0, days_between(*first, *item->date)) + 1;
    const auto before = facts.value(Fact::episode_plan_days);
    facts.evidence(Fact::episode_plan_days, item->source, item->type);
    if (!before || days * 1000 < *before) {
      facts.set_count(Fact::episode_plan_days, days);
    }
  }
  find(facts, Fact::episode_planned_end, {"CarePlan"},
       [&](const auto& item) { return item.until && plans(item); });
  find(facts, Fact::episode_home_program, {kHomeProgram},
       [&](const auto& item) { return is_since(item, course.since()); });
}

void Chart::set_people(Facts& facts) const {
  std::set<std::string_view> disciplines;
  for (const auto* team : of("CareTeam")) {
    disciplines.insert(team->disciplines.begin(), team->disciplines.end());
    facts.evidence(Fact::episode_disciplines, team->source, team->type);
  }
  facts.set_count(Fact::episode_disciplines,
                  static_cast<std::int64_t>(disciplines.size()));
  find(facts, Fact::episode_director, {"CareTeam"},
       [](const auto& team) { return team.has_director; });
  std::int64_t measures = 0;
  for (const auto* item : of("Observation")) {
    if (!item->value) continue;
    ++measures;
    facts.evidence(Fact::episode_measures, item->source, item->type);
  }
  facts.set_count(Fact::episode_measures, measures);
}

void Chart::set_barriers(Facts& facts, const Course& course) const {
  const auto since = course.since();
  find(facts, Fact::episode_contraindicated, {"Flag"}, [&](const auto& flag) {
    const bool over = flag.until && since && *flag.until < *since;
    return flag.contraindicates && !over;
  });
  find(facts, Fact::episode_barriers, {"QuestionnaireResponse"},
       [](const auto& item) { return item.answers > 0; });
  for (const auto& [key, condition] : case_.conditions()) {
    const auto& code = condition.diagnosis.icd10;
    const bool barrier = code.starts_with('F') || code.starts_with("G89");
    if (!barrier || !condition.stands) continue;
    facts.set(Fact::episode_barriers, true);
    facts.evidence(Fact::episode_barriers, condition.source, "Condition");
  }
}

// Care that no order of a program asked for.
bool Chart::is_acute(const Evidence& care, const Course& course) const {
  if (care.referral.empty()) return true;
  const auto* order = case_.in_force(care.referral);
  return order != nullptr && order != course.order &&
         order->program == Program::none && !order->bare_97545;
}

// Of several that overlap, the one that goes on longest.
void Chart::set_therapy(Facts& facts, const Course& course) const {
  const auto& begins = course.begins;
  const Evidence* longest = nullptr;
  std::int64_t overlap = 0;
  for (const auto* item : of("EpisodeOfCare")) {
    if (!begins || !item->until || !is_acute(*item, course)) continue;
    if (*item->until < *begins) continue;
    const bool later = item->date && *begins < *item->date;
    const std::int64_t days = later ? 0 : days_between(*begins, *item->until);
    if (longest != nullptr && days <= overlap) continue;
    longest = item;
    overlap = days;
  }
  if (longest != nullptr) {
    facts.set_count(Fact::episode_acute_overlap, overlap);
    facts.evidence(Fact::episode_acute_overlap, longest->source, longest->type);
  }
  find(facts, Fact::episode_prior_therapy, {"EpisodeOfCare"},
       [&](const auto& item) {
         return item.status == "finished" && is_acute(item, course);
       });
}

void Chart::set_areas(Facts& facts, const Course& course) const {
  episode::Areas areas;
  for (const auto* item : evaluations(course)) {
    if (item->areas.none()) continue;
    areas |= item->areas;
    facts.evidence(Fact::episode_evaluation_areas, item->source, item->type);
  }
  facts.set_count(Fact::episode_evaluation_areas,
                  static_cast<std::int64_t>(areas.count()));
}

void Chart::set_progress(ReferralView& view) const {
  auto& facts = view.facts;
  const auto progress = progress_until(std::nullopt, view.since);
  view.improved = progress.improved;
  const auto* last = progress.last;
  if (last == nullptr) return;
  facts.set_count(Fact::episode_plateau_days,
                  days_between(*progress.improved, *last->date));
  if (progress.first != last) {
    facts.set(Fact::episode_improving, progress.better);
    facts.set_number(Fact::episode_trend,
                     *last->value - *progress.first->value);
  }
  for (const auto fact : {Fact::episode_plateau_days, Fact::episode_improving,
                          Fact::episode_trend}) {
    if (facts.known(fact)) facts.evidence(fact, last->source, last->type);
  }
}

void Chart::set_discharge(ReferralView& view) const {
  auto& facts = view.facts;
  view.discharged.reset();
  view.discharge_reason.clear();
  view.discharged_by.clear();
  const auto discharge = [&](const auto& episode, bool ours) {
    if (episode.status != "finished") return;
    facts.set(Fact::episode_discharged, true);
    facts.evidence(Fact::episode_discharged, episode.source,
                   "EpisodeOfCare.status");
    facts.evidence(Fact::episode_discharge_reason, episode.source,
                   "EpisodeOfCare.extension");
    const auto day =
        episode.until.value_or(programs_.zone().date(episode.source.received));
    if (view.discharged && day < *view.discharged) return;
    view.discharged = day;
    view.discharge_reason = episode.reason;
    facts.set(Fact::episode_discharge_reason, !episode.reason.empty());
    view.discharged_by = ours ? std::string() : episode.source.key;
  };
  for (const auto* item : of("EpisodeOfCare")) {
    if (item->referral.empty() ||
        case_.in_force(item->referral) != view.order) {
      continue;
    }
    discharge(*item, false);
  }
  const auto own = case_.emitted_by_key().find("episode|" + view.root);
  if (own == case_.emitted_by_key().end()) return;
  for (const auto* one : own->second) {
    // What only repeats another's word is none of its own: it goes with it.
    if (one->discharged_by.empty()) discharge(*one, true);
  }
}

}  // namespace gateway::billing
