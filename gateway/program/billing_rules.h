// BillingRules are the knobs that turn minutes into money, after the packs of
// a policy were composed.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.h"

namespace gateway::program {

// How minutes beyond the first two hours become units of a further hour.
enum class UnitRule : std::uint8_t {
  midpoint,   // more than half of the hour
  completed,  // the whole hour
  started,    // any minute of the hour
  quarter,    // quarters of an hour, each from 8 of its 15 minutes on
  nearest,    // as midpoint, but a source leaves the tie open
};

enum class Tie : std::uint8_t { down, hold };

// What becomes of a date with fewer minutes than a session must have.
enum class UnderMinimum : std::uint8_t { hold, reject, midpoint, mod52 };

enum class MueAction : std::uint8_t { off, warn, hold };
enum class Grouping : std::uint8_t { day, week };

// What a granted quantity without a unit counts.
enum class AuthBasis : std::uint8_t { visits, hours, units };

// Whose sessions an authorization counts: of the referral that it was given
// for, or of all referrals of the claim or injury.
enum class CountScope : std::uint8_t { authorization, claim, injury };

// A profession's plan of care, where the payer wants to see it on the line.
struct PlanOfCare {
  std::string profession;
  std::vector<std::string> taxonomies;  // how their NUCC codes begin
  std::string modifier;
  std::string unverified;  // what no source verifies of it; empty: nothing
};

struct BillingRules {
  UnitRule unit_rule = UnitRule::midpoint;
  Tie tie = Tie::down;
  std::int64_t min_session_minutes = 0;
  UnderMinimum under_minimum = UnderMinimum::hold;
  bool auth_required = true;
  // Where it needs none at first: how much is free. 0: all.
  std::int64_t visits_without_auth = 0;
  std::int64_t days_without_auth = 0;
  bool verified_before = false;
  bool retro_auth_allowed = false;
  std::vector<std::string> allowed_extra_codes;
  std::int64_t aggregate_limit_minutes = 0;
  std::vector<std::string> modifiers;  // in order, before those that follow
  std::vector<PlanOfCare> plans_of_care;
  std::map<std::string, std::int64_t, std::less<>> mue;
  MueAction mue_action = MueAction::warn;
  Grouping grouping = Grouping::day;
  std::chrono::weekday week_start = std::chrono::Monday;
  std::int64_t timely_filing_days = 0;       // 0: not known
  std::int64_t tardies_per_absence = 0;      // 0: tardies are not counted
  std::int64_t tardy_tolerance_minutes = 0;  // no source gives one
  std::int64_t half_of_visits = 500;         // thousandths: when notes are due
  // What an assistant's work is billed as; 100 per cent where nothing is said.
  std::string assistant_modifier;
  std::int64_t assistant_percent = 100'000;  // thousandths
  std::optional<Decimal> hourly_rate;  // where a site has no fee of its own
  AuthBasis auth_basis = AuthBasis::visits;
  CountScope count_scope = CountScope::authorization;
  bool one_program_per_injury = false;
  std::string region_rules;     // file of body regions; empty: not judged
  std::string diagnosis_dates;  // file of codes that end or begin; empty: none
  // Sessions beyond the strictest pack's are held; 0: none says so.
  std::int64_t max_session_minutes = 0;
  // Knobs that bill here although no source verifies them.
  std::vector<std::string> unverified;
  std::string unit_rule_pack;  // id of the pack whose unit rule bills
  std::string unit_rule_source;
};

}  // namespace gateway::program
