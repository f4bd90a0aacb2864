// Plan is what there ought to be of one case: episodes, encounters, claims,
// tasks, and the balance of each authorization. It follows from the facts
// alone, whatever order they came in; reconcile turns it into changes.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/decimal.h"
#include "billing/pool.h"
#include "billing/stable_list.h"
#include "billing/units.h"
#include "episode/case.h"
#include "fhir/outcome.h"
#include "program/programs.h"

namespace gateway::billing {

using episode::Program;

enum class Verdict : std::uint8_t { met, unmet, unknown, waived };
std::string_view code(Verdict verdict);

// One requirement, judged. It points to its row or rule and is put into words
// only where somebody asks: most of a case is met.
struct Judgement {
  std::string_view rule;
  program::Weight weight = program::Weight::hold;
  Verdict verdict = Verdict::unmet;
  // Asks for a document, which a knob of the pack makes warn or hold.
  bool gated = false;
  std::string_view task;  // task-code; empty: no task
  // What it holds, where unmet: "Type/id", or "@" and a key of the plan for
  // what is not emitted yet.
  std::string focus;
  std::string seen;                          // where unmet
  const program::Row* row = nullptr;         // of a policy, or
  std::shared_ptr<const fhir::Finding> own;  // of a rule of our own

  // REQUIRES: unmet.
  [[nodiscard]] fhir::Finding finding() const;
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::string_view source() const {
    return row == nullptr ? std::string_view() : std::string_view(row->source);
  }
  [[nodiscard]] bool holds() const {
    return verdict == Verdict::unmet &&
           (weight == program::Weight::hold ||
            weight == program::Weight::reject) &&
           !task.empty();
  }
};

struct Line {
  std::string code;
  std::vector<std::string> modifiers;
  LocalDate date;
  std::int64_t quantity = 0;  // thousandths
  std::optional<Decimal> unit_price;
  std::optional<Decimal> net;
  std::string rule;    // that made minutes into units, with its pack
  std::string source;  // of the rule
  std::int64_t minutes = 0;
  std::string encounter;  // "@key" or reference
};

// One movement between two accounts of an authorization. Identical movements
// of one cause are one.
struct Posting {
  std::string authorization;  // key
  std::string_view unit;      // visits, hours, units, further-hours
  std::string_view from;      // account
  std::string_view to;
  std::int64_t amount = 0;  // thousandths
  std::string cause;        // versioned reference
  std::string_view reason;
  std::optional<LocalDate> date;
  bool operator==(const Posting&) const = default;
};

// Which grant a date takes from, or why it takes from none.
struct Choice {
  const episode::Grant* grant = nullptr;
  const episode::Grant* late = nullptr;  // would serve, had it come in time
  enum class Refusal : std::uint8_t {
    none,
    absent,
    before,
    expired,
    exhausted
  };
  Refusal refusal = Refusal::none;
  // Why what was billed on an authorization is no longer covered by it.
  enum class Outlived : std::uint8_t {
    no,
    unknown,  // no authorization has the number any more
    unlinked,
    withdrawn,  // or denied, pended or unusable
    period,
    exhausted
  };
  Outlived outlived = Outlived::no;
  bool operator==(const Choice&) const = default;
};

// What a date takes from its grant, in thousandths, and whether it holds it
// only until its claim is free.
struct Take {
  const episode::Grant* grant = nullptr;
  std::int64_t visits = 0, hours = 0, units = 0, further = 0;
  bool reserved = false;
};

// Where a date stands among those attended under its referral.
struct Standing {
  std::int64_t ordinal = 0;
  std::int64_t day = 0;  // of the episode, from 1
  std::int64_t week_ordinal = 0;
  std::int64_t week_attended = 0;  // on the last date of a week that is over
  bool operator==(const Standing&) const = default;
};

// The documents of a date, as far as requirements ask for them.
struct DateNotes {
  const episode::Evidence* sheet = nullptr;
  const episode::Evidence* note = nullptr;
  const episode::Evidence* exception = nullptr;
  const episode::Evidence* plan = nullptr;  // that fixes the end of the stay
  std::optional<int> sheet_days;            // until it was scanned
  std::optional<std::int64_t> note_sections;
  std::int64_t recipients = 0;  // of reports of the seven days before
  // The last progress note, and the last of any report, until the date.
  std::optional<LocalDate> reviewed, reported;
  bool operator==(const DateNotes&) const = default;
};

// One attended date under one referral.
struct Visit {
  std::string key;  // "encounter|<referral>|<date>"
  const episode::Referral* referral = nullptr;
  LocalDate date;
  std::vector<const episode::Session*> segments;  // by start
  std::vector<const episode::Session*> extras;    // other codes that day
  const program::Policy* policy = nullptr;
  Pool time;
  Interval span;
  Units units;
  program::Facts facts;
  std::vector<Judgement> judgements;
  std::string location;
  std::string provider;
  std::string place_of_service;
  std::string rendering;
  const program::PlanOfCare* plan_of_care = nullptr;  // of the policy
  std::vector<episode::Performer> performers;
  std::string zone;
  std::string own_encounter;  // that an EHR sent
  std::string claim_key;      // of the claim that bears it
  std::string pinned;         // number of the authorization it was billed on
  Units billed;               // by the claim that the payer has in hand
  const episode::Grant* grant = nullptr;
  std::vector<Line> lines;
  std::vector<Posting> postings;
  std::vector<Judgement> billing;   // of the claim, not of the session
  std::vector<std::string> inputs;  // versioned references
  bool billable = true;             // a claim, draft or active, is emitted
  bool second = false;  // another referral has this claim number and date
  Standing standing;
  DateNotes notes;
  bool stale = false;  // to be judged anew
  Choice choice;
  Take take;
  // Judgements and inputs that pooling alone made: they come first.
  std::size_t pooled_judgements = 0, pooled_inputs = 0;

  [[nodiscard]] bool held() const;
};
// The order of visits in a plan.
bool before(const Visit& left, const Visit& right);

struct ClaimPlan {
  std::string key;  // "claim|<referral>|<date>"
  std::vector<const Visit*> visits;
  bool held = false;
  std::vector<std::string> diagnoses;
  const episode::Coverage* coverage = nullptr;
  std::string insurer;
  std::optional<LocalDate> injury;
  std::string claim_number;
  std::string authorization;  // number
  std::string grant;          // key of the authorization
  std::string requester;
  std::string rendering;
  std::optional<Decimal> total;
  std::optional<LocalDate> file_by;
};

struct EpisodePlan {
  std::string key;  // "episode|<referral>"
  const episode::Referral* referral = nullptr;
  Program program = Program::none;
  std::string status;
  std::optional<LocalDate> start;
  std::string organization;
  // Where an EpisodeOfCare of somebody else discharges it: what that says.
  std::optional<LocalDate> end;
  std::string discharge_reason;
  std::string discharged_by;  // its key
  bool operator==(const EpisodePlan&) const = default;
};

struct TaskPlan {
  std::string key;  // "task|<focus>|<code>"
  std::string focus;
  std::string code;
  std::string patient;
  std::vector<fhir::Finding> findings;
};

struct Balance {
  std::string authorization;
  std::string number;
  std::string unit;
  std::int64_t granted = 0, reserved = 0, used = 0;
  std::int64_t expired = 0, released = 0, remaining = 0;

  [[nodiscard]] bool even() const {
    return granted == reserved + used + expired + released + remaining;
  }
};

// A referral with all that its judgement rests on.
struct ReferralView {
  const episode::Referral* order = nullptr;
  // Key of the first of the orders that replaced one another: what was made
  // under it follows to the order in force.
  std::string root;
  const episode::Coverage* coverage = nullptr;
  const program::PayerRule* payer = nullptr;
  std::string insurer;
  Program program = Program::none;
  const program::Policy* policy = nullptr;  // on the day it was written
  LocalDate written;
  std::vector<std::string> diagnoses;
  std::optional<LocalDate> injury;
  std::vector<const episode::Grant*> grants;  // the first to expire first
  program::Facts facts;
  std::vector<Judgement> judgements;
  std::string patient;
  bool open = true;  // neither revoked nor entered in error
  bool held = false;
  // The last day of an episode that was discharged: as it says, else the day
  // on which we heard of it.
  std::optional<LocalDate> discharged;
  std::string discharge_reason;
  // The EpisodeOfCare that says so, where it is not the gateway's own.
  std::string discharged_by;
  // From when on documents are of this episode, and when the patient last was
  // measured better than before.
  std::optional<LocalDate> since, improved;
};

struct Plan {
  // Grants and views lie in lists that never move: others point into them.
  std::vector<episode::Grant> grants;
  std::vector<ReferralView> referrals;
  StableList<Visit> visits;       // by start
  std::vector<ClaimPlan> claims;  // by key
  std::vector<EpisodePlan> episodes;
  std::vector<TaskPlan> tasks;    // by key
  std::vector<Posting> postings;  // of bookings and authorizations
  std::vector<Balance> balances;
  // Of authorizations, bookings and sessions without a visit, by their keys.
  std::map<std::string, std::vector<Judgement>, std::less<>> others;
  // No plan of the same facts differs before this instant: time alone may
  // change it then. Nothing where time changes nothing any more.
  std::optional<Instant> next_change;

  Plan() = default;
  Plan(Plan&&) = default;
  Plan& operator=(Plan&&) = default;

  // Every judgement of the plan that is unmet, with its focus.
  [[nodiscard]] std::vector<const Judgement*> unmet() const;
  // Of visits, bookings and authorizations.
  [[nodiscard]] std::vector<const Posting*> all_postings() const;
};

}  // namespace gateway::billing
