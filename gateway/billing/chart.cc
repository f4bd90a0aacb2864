#include "billing/chart.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "billing/documents.h"

namespace gateway::billing {
namespace {

using episode::Evidence;
using program::Fact;

constexpr std::string_view kException = "exception";  // code of a Flag

std::optional<LocalDate> last_until(const std::set<LocalDate>& dates,
                                    LocalDate day) {
  const auto after = dates.upper_bound(day);
  if (after == dates.begin()) return std::nullopt;
  return *std::prev(after);
}

}  // namespace

Chart::Chart(const episode::Case& facts, const program::Programs& programs,
             std::string patient)
    : case_(facts), programs_(programs), patient_(std::move(patient)) {
  for (const auto& [key, item] : case_.evidence()) {
    const bool of_patient = item.patient.empty() || item.patient == patient_;
    if (of_patient && !says_nothing(item)) file(item);
  }
  std::sort(measures_.begin(), measures_.end(),
            [](const auto* a, const auto* b) {
              // Never by their arrival: those of one time are told apart by
              // their value.
              return std::tie(a->date, a->at, a->value, a->source.key) <
                     std::tie(b->date, b->at, b->value, b->source.key);
            });
}

void Chart::file(const Evidence& item) {
  // Whoever only attests sends no measure and no questionnaire of the program.
  if (!item.attestations.empty()) attesting_.push_back(&item);
  const bool tells_more = !item.kind.empty() || item.answers > 0;
  if (!item.attestations.empty() && !tells_more) return;
  by_kind_[item.type].push_back(&item);
  if (item.type == "Observation" && !item.code.empty()) {
    by_kind_["Observation " + item.code].push_back(&item);
    if (item.code == kJobMatch && item.value && item.date) {
      reports_.insert(*item.date);
      measures_.push_back(&item);
    }
  }
  if (item.type == "Communication" && item.date)
    sent_.emplace(*item.date, &item);
  if (item.type == "Flag" && item.code == kException) {
    by_kind_[std::string(kException)].push_back(&item);
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
  std::set<std::string> parties;
  const auto end = sent_.upper_bound(day);
  for (auto one = sent_.lower_bound(day.plus_days(-7)); one != end; ++one) {
    for (const auto& recipient : one->second->recipients) {
      parties.insert(party_of(recipient));
    }
  }
  parties.erase(std::string());
  return static_cast<std::int64_t>(parties.size());
}

// A role is the person who has it. Where a person or an organization is not
// known, nobody can say that it is another than the others.
std::string Chart::party_of(const std::string& recipient) const {
  const auto role = case_.roles().find(recipient);
  const auto& key =
      role == case_.roles().end() || role->second.practitioner.empty()
          ? recipient
          : role->second.practitioner;
  const bool unknown =
      (key.starts_with("Practitioner/") &&
       !case_.practitioners().contains(key)) ||
      (key.starts_with("PractitionerRole/") && !case_.roles().contains(key)) ||
      (key.starts_with("Organization/") &&
       !case_.organizations().contains(key));
  return unknown ? std::string() : key;
}

// An exception is of the days of its period, and of the encounter that it
// names; where it says neither, of all.
const Evidence* Chart::exception_on(const Visit& visit) const {
  for (const auto* item : of(kException)) {
    if (item->date && visit.date < *item->date) continue;
    if (item->until && *item->until < visit.date) continue;
    const auto& named = item->encounters;
    const bool names =
        std::any_of(named.begin(), named.end(), [&](const auto& one) {
          const auto own = case_.emitted().find(one);
          return one == visit.own_encounter ||
                 (own != case_.emitted().end() && own->second.key == visit.key);
        });
    if (named.empty() || names) return item;
  }
  return nullptr;
}

// Improvement is a measure that is greater than all before: who falls back and
// recovers is where he was.
Chart::Progress Chart::progress_until(std::optional<LocalDate> day,
                                      std::optional<LocalDate> since) const {
  Progress progress;
  std::int64_t best = 0;
  for (const auto* item : measures_) {
    if (day && *day < *item->date) break;
    if (since && *item->date < *since) continue;
    const bool begins = progress.last == nullptr;
    progress.better = !begins && *item->value > best;
    if (begins) progress.first = item;
    if (begins || progress.better) {
      progress.improved = item->date;
      best = *item->value;
    }
    progress.last = item;
  }
  return progress;
}

// The stay is fixed once; what is planned after that makes it longer only
// where the patient had improved by then (T3, T4).
const Evidence* Chart::plan_of(const Visit& visit) const {
  const auto first =
      visit.date.plus_days(1 - static_cast<int>(visit.standing.day));
  Items plans;
  for (const auto* item : of("CarePlan")) {
    if (item->until && plans_stay(*item, first, visit.referral)) {
      plans.push_back(item);
    }
  }
  std::sort(plans.begin(), plans.end(), [](const auto* a, const auto* b) {
    return std::tie(a->date, a->until, a->source.key) <
           std::tie(b->date, b->until, b->source.key);
  });
  const Evidence* fixed = nullptr;
  const auto since = visit.referral != nullptr && visit.referral->authored
                         ? std::min(first, *visit.referral->authored)
                         : first;
  for (const auto* item : plans) {
    const bool extends = fixed != nullptr && item->date &&
                         *fixed->until < *item->until &&
                         progress_until(*item->date, since).better;
    if (fixed == nullptr || extends) fixed = item;
  }
  return fixed;
}

DateNotes Chart::notes_on(const Visit& visit) const {
  const auto notes = dates_.find(kProgressNote);
  DateNotes found{.sheet = document("activity-sheet", visit),
                  .note = document("daily-note", visit),
                  .exception = exception_on(visit),
                  .plan = plan_of(visit),
                  .sheet_days = sheet_days(visit),
                  .note_sections = {},
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

void Chart::set_visit(const ReferralView& owner, Visit& visit) const {
  auto& facts = visit.facts;
  const auto& notes = visit.notes = notes_on(visit);
  const auto set = [&](Fact fact, const Evidence* document) {
    facts.set(fact, document != nullptr);
    if (document == nullptr) return;
    facts.evidence(fact, document->source, document->type);
  };
  set(Fact::session_has_sheet, notes.sheet);
  set(Fact::session_has_note, notes.note);
  set(Fact::session_has_exception, notes.exception);
  if (notes.note_sections) {
    facts.set_count(Fact::session_note_sections, *notes.note_sections);
    facts.evidence(Fact::session_note_sections, notes.note->source,
                   notes.note->type);
  }
  if (notes.plan != nullptr) {
    set(Fact::session_within_plan, notes.plan);
    facts.set(Fact::session_within_plan, visit.date <= *notes.plan->until);
  }
  facts.set_count(Fact::episode_recipients, notes.recipients);
  for (auto one = sent_.lower_bound(visit.date.plus_days(-7));
       one != sent_.upper_bound(visit.date); ++one) {
    facts.evidence(Fact::episode_recipients, one->second->source,
                   one->second->type);
  }
  const auto first =
      visit.date.plus_days(1 - static_cast<int>(visit.standing.day));
  const auto since = [&](Fact fact, std::optional<LocalDate> last) {
    facts.set_count(
        fact, days_between(std::max(last.value_or(first), first), visit.date));
  };
  since(Fact::session_review_days, notes.reviewed);
  facts.set(Fact::session_reviewed, notes.reviewed && *notes.reviewed >= first);
  if (notes.reviewed) {
    const auto* note = dates_.find(kProgressNote)->second.at(*notes.reviewed);
    facts.evidence(Fact::session_review_days, note->source, note->type);
    facts.evidence(Fact::session_reviewed, note->source, note->type);
  }
  since(Fact::episode_report_gap, notes.reported);
  // Whoever stops measuring makes no progress either.
  const auto progress = progress_until(visit.date, owner.since);
  if (progress.improved) {
    facts.set_count(Fact::episode_plateau_days,
                    days_between(*progress.improved, visit.date));
  } else {
    facts.forget(Fact::episode_plateau_days);
  }
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
