#include "billing/chart.h"

#include <algorithm>
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

std::optional<LocalDate> last_until(const std::set<LocalDate>& dates,
                                    LocalDate day) {
  const auto after = dates.upper_bound(day);
  if (after == dates.begin()) return std::nullopt;
  return *std::prev(after);
}

bool is_void(const Evidence& item) {
  return item.status == "entered-in-error" || item.status == "cancelled" ||
         item.status == "rejected" || item.status == "inactive" ||
         item.status == "not-done" || item.status == "superseded";
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
  if (item.type == "Flag") {
    by_kind_[item.code == kException ? "exception" : "contraindication"]
        .push_back(&item);
  }
  if (!item.kind.empty()) file_document(item);
}

void Chart::file_document(const Evidence& item) {
  by_kind_[item.kind].push_back(&item);
  if (item.date) dates_[item.kind].insert(*item.date);
  if (item.date && item.kind == kProgressNote) reports_.insert(*item.date);
  if (item.encounter.empty()) return;
  const auto own = case_.emitted().find(item.encounter);
  const auto& encounter =
      own == case_.emitted().end() ? item.encounter : own->second.key;
  encounters_[item.kind][encounter] = item.date;
}

const Chart::Items& Chart::of(std::string_view kind) const {
  static const Items kNone;
  const auto found = by_kind_.find(kind);
  return found == by_kind_.end() ? kNone : found->second;
}

void Chart::note(Facts& facts, Fact fact, const Items& items, bool met) const {
  facts.set(fact, met);
  if (!met) return;
  for (const auto* item : items) facts.evidence(fact, item->source, item->type);
}

void Chart::set_episode(Facts& facts, std::optional<LocalDate> first,
                        LocalDate today) const {
  for (const auto* item : attesting_) {
    for (const auto& one : item->attestations) facts.attest(one, item->source);
  }
  set_documents(facts, first);
  set_people(facts);
  set_therapy(facts, first);
  set_progress(facts);
  const auto counted = days(first, today);
  const auto set = [&](Fact fact, std::optional<std::int64_t> count) {
    if (count) facts.set_count(fact, *count);
  };
  set(Fact::episode_evaluation_days, counted.evaluation);
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
      const bool evaluates = item->kind.empty() || item->kind == kEvaluation;
      if (evaluates && item->parts > 0) found.push_back(item);
    }
  }
  return found;
}

void Chart::set_documents(Facts& facts, std::optional<LocalDate> first) const {
  const auto has = [&](Fact fact, std::string_view kind) {
    note(facts, fact, of(kind), !of(kind).empty());
  };
  has(Fact::episode_job_analysis, "job-analysis");
  has(Fact::episode_progress_note, "progress-note");
  has(Fact::episode_discharge_report, "discharge-summary");
  has(Fact::episode_demand_level, "Observation " + std::string(kDemandLevel));
  has(Fact::episode_communication, "Communication");
  const auto any = [&](Fact fact, std::string_view kind, const auto& test) {
    const auto& items = of(kind);
    note(facts, fact, items, std::any_of(items.begin(), items.end(), test));
  };
  any(Fact::episode_note_structured, "progress-note",
      [](const auto* item) { return item->parts > 0; });
  any(Fact::episode_goal, "Goal",
      [](const auto* item) { return item->has_target; });
  for (const auto* item : of("CarePlan")) {
    if (!first || !item->date) continue;
    const std::int64_t days =
        std::max(0, days_between(*first, *item->date)) + 1;
    const auto before = facts.value(Fact::episode_plan_days);
    if (!before || days * 1000 < *before) {
      facts.set_count(Fact::episode_plan_days, days);
    }
  }
  any(Fact::episode_planned_end, "CarePlan",
      [](const auto* item) { return item->until.has_value(); });
  any(Fact::episode_consent, "Consent", [&](const auto* item) {
    return item->status == "active" &&
           (!first || !item->date || *item->date <= *first);
  });
  any(Fact::episode_dedication, "dedication-page", [](const auto* item) {
    return item->by_patient && item->by_practitioner;
  });
  if (!of("Consent").empty()) {
    any(Fact::episode_dedication, "Consent",
        [](const auto* item) { return item->status == "active"; });
  }
  note(facts, Fact::episode_home_program, of("CarePlan"),
       !of("CarePlan").empty());
  const auto baseline = [&](const auto* item) {
    return first && item->date == first;
  };
  any(Fact::episode_baseline, "QuestionnaireResponse", baseline);
  if (facts.value(Fact::episode_baseline) != 1) {
    any(Fact::episode_baseline, "Observation", baseline);
  }
}

void Chart::set_people(Facts& facts) const {
  const auto& teams = of("CareTeam");
  std::int64_t disciplines = 0;
  for (const auto* team : teams) disciplines += team->parts;
  facts.set_count(Fact::episode_disciplines, disciplines);
  std::set<std::string_view> recipients;
  for (const auto* item : of("Communication")) {
    recipients.insert(item->recipients.begin(), item->recipients.end());
  }
  facts.set_count(Fact::episode_recipients,
                  static_cast<std::int64_t>(recipients.size()));
  std::int64_t measures = 0;
  for (const auto* item : of("Observation")) measures += item->value ? 1 : 0;
  facts.set_count(Fact::episode_measures, measures);
  note(facts, Fact::episode_contraindicated, of("contraindication"),
       !of("contraindication").empty());
  bool barriers = !of("QuestionnaireResponse").empty();
  for (const auto& [key, condition] : case_.conditions()) {
    const auto& code = condition.diagnosis.icd10;
    barriers |= code.starts_with('F') || code.starts_with("G89");
  }
  facts.set(Fact::episode_barriers, barriers);
}

void Chart::set_therapy(Facts& facts, std::optional<LocalDate> first) const {
  bool finished = false;
  for (const auto* item : of("EpisodeOfCare")) {
    if (!item->referral.empty()) continue;  // a program, not acute therapy
    finished |= item->status == "finished";
    if (!first || !item->until || *item->until < *first) continue;
    facts.set_count(Fact::episode_acute_overlap,
                    days_between(*first, *item->until));
  }
  note(facts, Fact::episode_prior_therapy, of("EpisodeOfCare"), finished);
  std::int64_t areas = 0;
  for (const auto* item : evaluations()) areas = std::max(areas, item->parts);
  facts.set_count(Fact::episode_evaluation_areas, areas);
}

// Improvement is a measure that is greater than the one before.
void Chart::set_progress(Facts& facts) const {
  auto measures = of("Observation " + std::string(kJobMatch));
  std::sort(measures.begin(), measures.end(), [](const auto* a, const auto* b) {
    return std::tie(a->date, a->source.key) < std::tie(b->date, b->source.key);
  });
  const Evidence* last = nullptr;
  std::optional<LocalDate> improved;
  for (const auto* item : measures) {
    if (!item->value || !item->date) continue;
    const bool better = last != nullptr && *item->value > *last->value;
    if (last == nullptr || better) improved = item->date;
    if (last != nullptr) facts.set(Fact::episode_improving, better);
    last = item;
  }
  if (last != nullptr) {
    facts.set_count(Fact::episode_plateau_days,
                    days_between(*improved, *last->date));
  }
}

void Chart::set_discharge(ReferralView& view) const {
  auto& facts = view.facts;
  const auto discharge = [&](const episode::Source& source,
                             std::string_view status, std::string_view reason) {
    if (status != "finished") return;
    facts.set(Fact::episode_discharged, true);
    facts.set(Fact::episode_discharge_reason, !reason.empty());
    facts.evidence(Fact::episode_discharged, source, "EpisodeOfCare.status");
  };
  for (const auto* item : of("EpisodeOfCare")) {
    if (item->referral.empty() ||
        case_.in_force(item->referral) != view.order) {
      continue;
    }
    discharge(item->source, item->status, item->reason);
  }
  const auto own = case_.emitted_by_key().find("episode|" + view.root);
  if (own == case_.emitted_by_key().end()) return;
  for (const auto* one : own->second) {
    discharge(one->source, one->status, one->reason);
  }
}

DateNotes Chart::notes_on(const Visit& visit) const {
  const auto documented = [&](std::string_view kind) {
    const auto dates = dates_.find(kind);
    if (dates != dates_.end() && dates->second.contains(visit.date)) {
      return true;
    }
    const auto encounters = encounters_.find(kind);
    if (encounters == encounters_.end()) return false;
    return encounters->second.contains(visit.key) ||
           encounters->second.contains(visit.own_encounter);
  };
  const auto notes = dates_.find(kProgressNote);
  return {.sheet = documented("activity-sheet"),
          .note = documented("daily-note"),
          .exception = !of("exception").empty(),
          .sheet_days = sheet_days(visit),
          .reviewed = notes == dates_.end()
                          ? std::nullopt
                          : last_until(notes->second, visit.date),
          .reported = last_until(reports_, visit.date)};
}

void Chart::set_visit(Visit& visit) const {
  auto& facts = visit.facts;
  const auto& notes = visit.notes = notes_on(visit);
  facts.set(Fact::session_has_sheet, notes.sheet);
  facts.set(Fact::session_has_note, notes.note);
  facts.set(Fact::session_has_exception, notes.exception);
  const auto first =
      visit.date.plus_days(1 - static_cast<int>(visit.standing.day));
  const auto since = [&](Fact fact, std::optional<LocalDate> last) {
    facts.set_count(
        fact, days_between(std::max(last.value_or(first), first), visit.date));
  };
  since(Fact::session_review_days, notes.reviewed);
  since(Fact::episode_report_gap, notes.reported);
  if (!notes.sheet_days) return;
  facts.set_count(Fact::session_sheet_days, *notes.sheet_days);
}

// A sheet that names the encounter may be scanned later, on its own date.
std::optional<int> Chart::sheet_days(const Visit& visit) const {
  std::optional<int> days;
  const auto sheets = encounters_.find(std::string_view("activity-sheet"));
  if (sheets == encounters_.end()) return days;
  for (const auto* key : {&visit.key, &visit.own_encounter}) {
    const auto found = sheets->second.find(*key);
    if (found == sheets->second.end() || !found->second) continue;
    days = std::max(0, days_between(visit.date, *found->second));
  }
  return days;
}

std::int64_t Absences::count(std::optional<LocalDate> until) const {
  const auto of = [&](const std::vector<LocalDate>& days) {
    const auto end =
        until ? std::upper_bound(days.begin(), days.end(), *until) : days.end();
    return static_cast<std::int64_t>(end - days.begin());
  };
  return of(missed) + (tardies_each == 0 ? 0 : of(tardy) / tardies_each);
}

Absences Chart::absences(const program::Policy& policy) const {
  Absences found{.missed = {},
                 .tardy = {},
                 .tardies_each = policy.rules.tardies_per_absence};
  const auto& zone = programs_.zone();
  std::vector<const episode::Appointment*> kept;
  for (const auto& [key, booking] : case_.appointments()) {
    if (booking.status == "noshow" && booking.absence != "excused") {
      // One without a day is never too late to count.
      found.missed.push_back(booking.period ? zone.date(booking.period->start)
                                            : *LocalDate::from(1, 1, 1));
    }
    if (booking.status == "fulfilled" && booking.period) {
      kept.push_back(&booking);
    }
  }
  std::sort(found.missed.begin(), found.missed.end());
  if (found.tardies_each == 0 || kept.empty()) return found;
  std::map<LocalDate, Instant> began;
  for (const auto& [id, session] : case_.sessions()) {
    if (session.state != episode::Session::State::attended || !session.period) {
      continue;
    }
    const auto start = session.period->start;
    const auto [first, fresh] = began.try_emplace(zone.date(start), start);
    if (!fresh) first->second = std::min(first->second, start);
  }
  const auto tolerance =
      std::chrono::minutes(policy.rules.tardy_tolerance_minutes);
  for (const auto* booking : kept) {
    const auto start = booking->period->start;
    const auto day = zone.date(start);
    const auto first = began.find(day);
    if (first != began.end() && first->second - start > tolerance) {
      found.tardy.push_back(day);
    }
  }
  std::sort(found.tardy.begin(), found.tardy.end());
  return found;
}

}  // namespace gateway::billing
