// Facts are the named, typed values that requirements speak of. Each is
// computed once and knows its evidence. A fact that is not set is unknown,
// which is neither true nor false.
//
// Numbers are in thousandths, so that 2.5 sessions a week compare exactly.

#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "episode/records.h"

namespace gateway::program {

enum class FactType : std::uint8_t { truth, number, text, date };

// What a requirement is judged on, and hence what its finding is about.
enum class Subject : std::uint8_t {
  referral,
  authorization,
  booking,
  session,  // all segments of one date
  week,
  episode,
};
constexpr std::size_t kSubjectCount =
    static_cast<std::size_t>(Subject::episode) + 1;
std::string_view name(Subject subject);
std::optional<Subject> subject_named(std::string_view name);

enum class Fact : std::uint8_t {
  policy_stale,
  referral_active,
  referral_for_program,
  referral_by_attending,
  referral_by_physician,
  referral_has_requester,
  referral_as_needed,
  referral_per_week_low,
  referral_per_week_high,
  referral_weeks,
  referral_ordered_visits,
  referral_has_diagnosis,
  referral_region_allowed,
  referral_valid_diagnoses,
  referral_not_working,
  referral_programmes,
  referral_lead_days,
  coverage_present,
  coverage_workers_compensation,
  coverage_has_claim_number,
  coverage_has_injury_date,
  coverage_medicare,
  authorization_visits,
  authorization_has_quantity,
  authorization_has_period,
  booking_minutes,
  booking_therapists,
  session_minutes,
  session_longest_gap,
  session_type_matches,
  session_same_program,
  session_verified_before,
  session_other_codes,
  session_evaluation_codes,
  session_capacity_codes,
  session_extra_minutes,
  session_component_modifiers,
  session_surgical_modifiers,
  session_wants_plan_of_care,
  session_has_plan_of_care,
  session_further_units,
  session_further_alone,
  session_units_over_mue,
  session_first_units,
  session_authorized,
  session_treatments,
  session_injury_months,
  session_within_bounds,
  session_ordinal,
  session_past_half,
  session_extension,
  session_has_exception,
  session_therapists,
  session_has_sheet,
  session_sheet_days,
  session_has_note,
  session_note_sections,
  session_within_plan,
  session_review_days,
  session_reviewed,
  session_licensed,
  week_ordinal,
  week_attended,
  week_over,
  episode_days,
  episode_job_analysis,
  episode_demand_level,
  episode_goal,
  episode_goals,
  episode_baseline,
  episode_dedication,
  episode_progress_note,
  episode_note_structured,
  episode_communication,
  episode_recipients,
  episode_home_program,
  episode_consent,
  episode_barriers,
  episode_contraindicated,
  episode_prior_therapy,
  episode_acute_overlap,
  episode_planned_end,
  episode_plan_days,
  episode_evaluation_areas,
  episode_evaluation_days,
  episode_disciplines,
  episode_director,
  episode_measures,
  episode_absences,
  episode_discharged,
  episode_discharge_reason,
  episode_discharge_report,
  episode_report_sections,
  episode_report_gap,
  episode_improving,
  episode_plateau_days,
  episode_trend,
};
constexpr std::size_t kFactCount =
    static_cast<std::size_t>(Fact::episode_trend) + 1;

struct FactEntry {
  Fact fact;
  std::string_view name;  // as requirements write it: "session.minutes"
  FactType type;
  Subject subject;
  std::string_view meaning;
  // Which elements of which resources it is read from.
  std::string_view read_from;
};
const std::array<FactEntry, kFactCount>& fact_table();
const FactEntry& entry(Fact fact);
const FactEntry* fact_named(std::string_view name);

// A versioned resource and the element of it that a fact was read from.
struct FactEvidence {
  Fact fact;
  const episode::Source* source;
  std::string_view path;
  bool operator==(const FactEvidence&) const = default;
};

// What a person attested, and in which resource.
struct Attested {
  episode::Attestation what;
  const episode::Source* source;
  bool operator==(const Attested&) const = default;
};

class Facts {
 public:
  void set(Fact fact, bool value) { put(fact, value ? 1 : 0); }
  void set_number(Fact fact, std::int64_t thousandths) {
    put(fact, thousandths);
  }
  void set_count(Fact fact, std::int64_t count) { put(fact, count * 1000); }
  void set_date(Fact fact, LocalDate date) {
    put(fact, date.days().time_since_epoch().count());
  }
  void forget(Fact fact) { known_.reset(at(fact)); }
  void evidence(Fact fact, const episode::Source& source,
                std::string_view path) {
    evidence_.push_back({fact, &source, path});
  }

  // The resources themselves, for requirements that need more than facts.
  void add_resource(const episode::Body& body) {
    if (body.root.exists()) resources_.push_back(body);
  }
  [[nodiscard]] const std::vector<episode::Body>& resources() const {
    return resources_;
  }
  // A person vouches for a rule, or says that it is not so.
  void attest(const episode::Attestation& one, const episode::Source& source) {
    attested_.push_back({one, &source});
  }
  // The last that was said of "pack/ROW", or of "ROW".
  [[nodiscard]] const Attested* attested(std::string_view rule) const;

  bool operator==(const Facts&) const = default;
  [[nodiscard]] bool known(Fact fact) const { return known_[at(fact)]; }
  // Nothing where unknown.
  [[nodiscard]] std::optional<std::int64_t> value(Fact fact) const {
    if (!known(fact)) return std::nullopt;
    return values_[at(fact)];
  }
  // For people: "105", "2.5", "true", "2026-04-06"; "unknown".
  [[nodiscard]] std::string text(Fact fact) const;
  [[nodiscard]] const std::vector<FactEvidence>& evidence() const {
    return evidence_;
  }

 private:
  static std::size_t at(Fact fact) { return static_cast<std::size_t>(fact); }
  void put(Fact fact, std::int64_t value) {
    known_.set(at(fact));
    values_[at(fact)] = value;
  }

  std::bitset<kFactCount> known_;
  std::array<std::int64_t, kFactCount> values_{};
  std::vector<FactEvidence> evidence_;
  std::vector<episode::Body> resources_;
  std::vector<Attested> attested_;
};

// A number in thousandths, without needless zeros.
std::string thousandths_text(std::int64_t thousandths);

}  // namespace gateway::program
