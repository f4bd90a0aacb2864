#include "billing/chart.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "billing/business_days.h"

namespace gateway::billing {
namespace {

using episode::Evidence;
using program::Fact;
using program::Facts;

constexpr std::string_view kJobMatch = "job-match-percent";
constexpr std::string_view kProgressNote = "progress-note";
constexpr std::string_view kDemandLevel = "physical-demand-level";
constexpr std::string_view kEmployment = "74165-2";     // LOINC
constexpr std::string_view kEvaluation = "evaluation";  // a document type
constexpr std::string_view kException = "exception";    // code of a Flag
constexpr std::string_view kWorkStatus = "work-status";
constexpr std::string_view kDischarge = "discharge-summary";
constexpr std::string_view kHomeProgram = "home-exercise-program";

std::optional<LocalDate> last_until(const std::set<LocalDate>& dates,
                                    LocalDate day) {
  const auto after = dates.upper_bound(day);
  if (after == dates.begin()) return std::nullopt;
  return *std::prev(after);
}

// What is not finished, or not true any more, says nothing.
bool is_void(const Evidence& item) {
  constexpr std::array<std::string_view, 15> kVoid = {
      "entered-in-error", "cancelled",   "rejected", "inactive",
      "not-done",         "superseded",  "revoked",  "draft",
      "proposed",         "in-progress", "stopped",  "preparation",
      "registered",       "suspended",   "unknown"};
  return std::find(kVoid.begin(), kVoid.end(), item.status) != kVoid.end();
}

bool is_document(const Evidence&) { return true; }

// Observations that tell of the job and of work, not of the first visit.
bool measures_patient(const Evidence& item) {
  return item.has_value && item.code != kEmployment &&
         item.code != kWorkStatus && item.code != kDemandLevel;
}

// A plan that says when the stay ends; not one of an earlier episode.
bool plans_stay(const Evidence& item, std::optional<LocalDate> first) {
  return item.kind != kHomeProgram &&
         (!first || !item.until || *item.until >= *first);
}

}  // namespace

Chart::Chart(const episode::Case& facts, const program::Programs& programs,
             std::string patient)
    : case_(facts), programs_(programs), patient_(std::move(patient)) {
  for (const auto& [key, item] : case_.evidence()) {
    const bool of_patient = item.patient.empty() || item.patient == patient_;
    if (of_patient && !is_void(item)) file(item);
  }
}

void Chart::file(const Evidence& item) {
  // Whoever attests sends no measure and no questionnaire of the program.
  if (!item.attestations.empty()) attesting_.push_back(&item);
  if (!item.attestations.empty() && item.kind.empty()) return;
  by_kind_[item.type].push_back(&item);
  if (item.type == "Observation" && !item.code.empty()) {
    by_kind_["Observation " + item.code].push_back(&item);
    if (item.code == kJobMatch && item.value && item.date) {
      reports_.insert(*item.date);
    }
  }
  if (item.type == "Communication" && item.date)
    sent_.emplace(*item.date, &item);
  if (item.type == "Flag" && item.code == kException) {
    by_kind_["exception"].push_back(&item);
  }
  if (!item.kind.empty()) file_document(item);
}

// Of several for one date the one that says most counts; of several that name
// one encounter, the first.
void Chart::file_document(const Evidence& item) {
  by_kind_[item.kind].push_back(&item);
  if (item.date) {
    auto& known = dates_[item.kind][*item.date];
    if (known == nullptr || known->parts < item.parts) known = &item;
    if (item.kind == kProgressNote) reports_.insert(*item.date);
  }
  for (const auto& encounter : item.encounters) {
    const auto own = case_.emitted().find(encounter);
    auto& known =
        encounters_[item.kind]
                   [own == case_.emitted().end() ? encounter : own->second.key];
    if (known == nullptr || (item.date && item.date < known->date)) {
      known = &item;
    }
  }
}

const Chart::Items& Chart::of(std::string_view kind) const {
  static const Items kNone;
  const auto found = by_kind_.find(kind);
  return found == by_kind_.end() ? kNone : found->second;
}

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

void Chart::set_episode(Facts& facts, const Course& course) const {
  for (const auto* item : attesting_) {
    for (const auto& one : item->attestations) facts.attest(one, item->source);
  }
  set_documents(facts, course);
  set_first_day(facts, course.first);
  set_plans(facts, course.first);
  set_people(facts);
  set_barriers(facts);
  set_therapy(facts, course.begins);
  set_progress(facts);
  const auto counted = days(course.first, course.today);
  if (!counted.evaluation) return;
  facts.set_count(Fact::episode_evaluation_days, *counted.evaluation);
  for (const auto* item : evaluations()) {
    facts.evidence(Fact::episode_evaluation_days, item->source, item->type);
  }
}

Chart::Days Chart::days(std::optional<LocalDate> first, LocalDate today) const {
  Days counted;
  // What is not documented yet is as late as today.
  if (first) {
    counted.evaluation = business_days(*first, evaluated().value_or(today));
  }
  return counted;
}

// When the first evaluation was documented.
std::optional<LocalDate> Chart::evaluated() const {
  std::optional<LocalDate> documented;
  for (const auto* item : evaluations()) {
    const bool earlier =
        !documented || (item->date && *item->date < *documented);
    if (earlier) documented = item->date;
  }
  return documented;
}

Chart::Items Chart::evaluations() const {
  Items found;
  for (const auto* kind : {"QuestionnaireResponse", "Composition"}) {
    for (const auto* item : of(kind)) {
      const bool evaluates = item->kind == kEvaluation ||
                             (item->kind.empty() && item->areas.any());
      if (evaluates && item->parts > 0) found.push_back(item);
    }
  }
  return found;
}

void Chart::set_documents(Facts& facts, const Course& course) const {
  find(facts, Fact::episode_job_analysis, {"job-analysis"}, is_document);
  const auto& begin = course.first;
  find(facts, Fact::episode_progress_note, {kProgressNote},
       [&](const auto& note) {
         return !begin || !note.date || *note.date >= *begin;
       });
  find(facts, Fact::episode_note_structured, {kProgressNote},
       [](const auto& note) { return note.parts > 0; });
  find(facts, Fact::episode_discharge_report, {kDischarge}, is_document);
  // What was scanned has sections that no machine counts.
  for (const auto* report : of(kDischarge)) {
    if (report->type != "Composition") continue;
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
  const auto since = course.ordered ? course.ordered : course.first;
  find(facts, Fact::episode_communication, {"Communication"},
       [&](const auto& item) {
         const bool outward = std::any_of(
             item.recipients.begin(), item.recipients.end(),
             [&](const auto& party) { return !party.starts_with("Patient/"); });
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

void Chart::set_plans(Facts& facts, std::optional<LocalDate> first) const {
  for (const auto* item : of("CarePlan")) {
    if (!first || !item->date || !plans_stay(*item, first)) continue;
    const std::int64_t days =
        std::max(0, days_between(*first, *item->date)) + 1;
    const auto before = facts.value(Fact::episode_plan_days);
    facts.evidence(Fact::episode_plan_days, item->source, item->type);
    if (!before || days * 1000 < *before) {
      facts.set_count(Fact::episode_plan_days, days);
    }
  }
  find(facts, Fact::episode_planned_end, {"CarePlan"},
       [&](const auto& item) { return item.until && plans_stay(item, first); });
  find(facts, Fact::episode_home_program, {kHomeProgram}, is_document);
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

void Chart::set_barriers(Facts& facts) const {
  find(facts, Fact::episode_contraindicated, {"Flag"},
       [](const auto& flag) { return flag.contraindicates; });
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

void Chart::set_therapy(Facts& facts, std::optional<LocalDate> first) const {
  for (const auto* item : of("EpisodeOfCare")) {
    if (!item->referral.empty()) continue;  // a program, not acute therapy
    if (!first || !item->until || *item->until < *first) continue;
    facts.set_count(Fact::episode_acute_overlap,
                    days_between(*first, *item->until));
    facts.evidence(Fact::episode_acute_overlap, item->source, item->type);
  }
  find(facts, Fact::episode_prior_therapy, {"EpisodeOfCare"},
       [](const auto& item) {
         return item.referral.empty() && item.status == "finished";
       });
  episode::Areas areas;
  for (const auto* item : evaluations()) {
    if (item->areas.none()) continue;
    areas |= item->areas;
    facts.evidence(Fact::episode_evaluation_areas, item->source, item->type);
  }
  facts.set_count(Fact::episode_evaluation_areas,
                  static_cast<std::int64_t>(areas.count()));
}

// Improvement is a measure that is greater than all before: who falls back and
// recovers is where he was.
void Chart::set_progress(Facts& facts) const {
  auto measures = of("Observation " + std::string(kJobMatch));
  std::sort(measures.begin(), measures.end(), [](const auto* a, const auto* b) {
    return std::tie(a->date, a->source.key) < std::tie(b->date, b->source.key);
  });
  const Evidence* initial = nullptr;
  const Evidence* last = nullptr;
  const Evidence* best = nullptr;
  std::optional<LocalDate> improved;
  for (const auto* item : measures) {
    if (!item->value || !item->date) continue;
    const bool better = best != nullptr && *item->value > *best->value;
    if (best == nullptr || better) {
      improved = item->date;
      best = item;
    }
    if (last != nullptr) facts.set(Fact::episode_improving, better);
    if (initial == nullptr) initial = item;
    last = item;
  }
  if (last == nullptr) return;
  facts.set_count(Fact::episode_plateau_days,
                  days_between(*improved, *last->date));
  if (initial != last) {
    facts.set_number(Fact::episode_trend, *last->value - *initial->value);
  }
  for (const auto fact : {Fact::episode_plateau_days, Fact::episode_improving,
                          Fact::episode_trend}) {
    if (facts.known(fact)) facts.evidence(fact, last->source, last->type);
  }
}

void Chart::set_discharge(ReferralView& view) const {
  auto& facts = view.facts;
  view.discharged.reset();
  const auto discharge = [&](const auto& episode) {
    if (episode.status != "finished") return;
    facts.set(Fact::episode_discharged, true);
    facts.set(Fact::episode_discharge_reason, !episode.reason.empty());
    facts.evidence(Fact::episode_discharged, episode.source,
                   "EpisodeOfCare.status");
    const auto day =
        episode.until.value_or(programs_.zone().date(episode.source.received));
    view.discharged = std::max(view.discharged.value_or(day), day);
  };
  for (const auto* item : of("EpisodeOfCare")) {
    if (item->referral.empty() ||
        case_.in_force(item->referral) != view.order) {
      continue;
    }
    discharge(*item);
  }
  const auto own = case_.emitted_by_key().find("episode|" + view.root);
  if (own == case_.emitted_by_key().end()) return;
  for (const auto* one : own->second) {
    discharge(*one);
  }
}

const Evidence* Chart::document(std::string_view kind,
                                const Visit& visit) const {
  const auto dates = dates_.find(kind);
  if (dates != dates_.end()) {
    const auto found = dates->second.find(visit.date);
    if (found != dates->second.end()) return found->second;
  }
  const auto encounters = encounters_.find(kind);
  if (encounters == encounters_.end()) return nullptr;
  for (const auto* key : {&visit.key, &visit.own_encounter}) {
    const auto found = encounters->second.find(*key);
    if (found != encounters->second.end()) return found->second;
  }
  return nullptr;
}

// Different parties to whom something was sent in the week until the day.
std::int64_t Chart::recipients_until(LocalDate day) const {
  std::set<std::string_view> parties;
  const auto end = sent_.upper_bound(day);
  for (auto one = sent_.lower_bound(day.plus_days(-7)); one != end; ++one) {
    const auto& recipients = one->second->recipients;
    parties.insert(recipients.begin(), recipients.end());
  }
  return static_cast<std::int64_t>(parties.size());
}

// Where a stay was planned anew, the last end counts.
std::optional<bool> Chart::within_plan(const Visit& visit) const {
  const auto first =
      visit.date.plus_days(1 - static_cast<int>(visit.standing.day));
  std::optional<LocalDate> end;
  for (const auto* item : of("CarePlan")) {
    if (!item->until || !plans_stay(*item, first)) continue;
    end = std::max(end.value_or(*item->until), *item->until);
  }
  if (!end) return std::nullopt;
  return visit.date <= *end;
}

DateNotes Chart::notes_on(const Visit& visit) const {
  const auto notes = dates_.find(kProgressNote);
  DateNotes found{.sheet = document("activity-sheet", visit),
                  .note = document("daily-note", visit),
                  .exception = !of("exception").empty(),
                  .sheet_days = sheet_days(visit),
                  .note_sections = {},
                  .within_plan = within_plan(visit),
                  .recipients = recipients_until(visit.date),
                  .reviewed = {},
                  .reported = last_until(reports_, visit.date)};
  // What was scanned has sections that no machine counts.
  if (found.note != nullptr && found.note->type == "Composition") {
    found.note_sections = found.note->parts;
  }
  if (notes == dates_.end()) return found;
  for (const auto& [date, note] : notes->second) {
    if (date <= visit.date) found.reviewed = date;
  }
  return found;
}

void Chart::set_visit(Visit& visit) const {
  auto& facts = visit.facts;
  const auto& notes = visit.notes = notes_on(visit);
  const auto set = [&](Fact fact, const Evidence* document) {
    facts.set(fact, document != nullptr);
    if (document == nullptr) return;
    facts.evidence(fact, document->source, document->type);
  };
  set(Fact::session_has_sheet, notes.sheet);
  set(Fact::session_has_note, notes.note);
  facts.set(Fact::session_has_exception, notes.exception);
  if (notes.note_sections) {
    facts.set_count(Fact::session_note_sections, *notes.note_sections);
  }
  if (notes.within_plan) {
    facts.set(Fact::session_within_plan, *notes.within_plan);
  }
  facts.set_count(Fact::episode_recipients, notes.recipients);
  const auto first =
      visit.date.plus_days(1 - static_cast<int>(visit.standing.day));
  const auto since = [&](Fact fact, std::optional<LocalDate> last) {
    facts.set_count(
        fact, days_between(std::max(last.value_or(first), first), visit.date));
  };
  since(Fact::session_review_days, notes.reviewed);
  facts.set(Fact::session_reviewed, notes.reviewed && *notes.reviewed >= first);
  since(Fact::episode_report_gap, notes.reported);
  if (!notes.sheet_days) return;
  facts.set_count(Fact::session_sheet_days, *notes.sheet_days);
  facts.evidence(Fact::session_sheet_days, notes.sheet->source,
                 notes.sheet->type);
}

// A sheet that names the encounter may be scanned later, on its own date.
std::optional<int> Chart::sheet_days(const Visit& visit) const {
  std::optional<int> days;
  const auto sheets = encounters_.find(std::string_view("activity-sheet"));
  if (sheets == encounters_.end()) return days;
  for (const auto* key : {&visit.key, &visit.own_encounter}) {
    const auto found = sheets->second.find(*key);
    if (found == sheets->second.end() || !found->second->date) continue;
    days = std::max(0, days_between(visit.date, *found->second->date));
  }
  return days;
}

}  // namespace gateway::billing
