// Records: the compact facts that are read once from each resource of a case.
// Each knows the versioned resource it came from, so that every decision can
// name its evidence.

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/decimal.h"
#include "base/json.h"
#include "episode/codes.h"
#include "episode/elements.h"
#include "episode/evidence_words.h"

namespace gateway::episode {

// Where a fact comes from. `key` is "Type/id" as references name it.
struct Source {
  std::string key;
  std::uint32_t version = 0;  // 0: references to it carry no version
  Instant received;

  [[nodiscard]] std::string versioned() const {
    if (version == 0) return key;
    return key + "/_history/" + std::to_string(version);
  }
};

// How often a referral orders sessions. Rates are per week, in thousandths.
struct Frequency {
  bool as_needed = false;
  std::optional<std::int64_t> low;
  std::optional<std::int64_t> high;
  std::optional<int> weeks;       // of the bounds, rounded up
  std::optional<LocalDate> from;  // of boundsPeriod
  std::optional<LocalDate> to;
};

struct Diagnosis {
  std::string icd10;
  std::optional<LocalDate> onset;
  std::string condition;     // key, empty for a code on the referral itself
  std::string patient{};     // of the Condition
  std::string withdrawal{};  // entered-in-error or refuted, where it is so
};

struct Referral {
  Source source;
  std::string status;
  bool do_not_perform = false;
  std::string business_key;
  Program program = Program::none;
  bool bare_97545 = false;  // names both programs
  std::string patient;
  std::string requester;
  std::optional<LocalDate> authored;
  Frequency frequency;
  std::optional<std::int64_t> ordered_visits;  // as written in the order
  std::vector<std::string> conditions;         // keys, in order
  std::vector<Diagnosis> diagnoses;            // codes and contained ones
  std::vector<std::string> insurance;          // Coverage or ClaimResponse
  std::vector<std::string> supporting;
  std::vector<std::string> replaces;
  std::vector<std::string> performers;
  std::string location;
  std::string successor;  // the order that an answered Task names instead
  std::vector<ReferenceUse> references;
};

// What the owner of a correct-referral Task answered in Task.output: values
// that stand for those of the order, which itself stays as it was sent.
struct Correction {
  Source source;  // the Task
  std::string referral;
  std::optional<Frequency> frequency;
  std::optional<std::int64_t> ordered_visits;
  std::string requester;
  std::vector<std::string> insurance;
  std::optional<Program> program;
  std::vector<std::string> conditions;
  std::vector<Diagnosis> diagnoses;
  std::string successor;
  std::vector<ReferenceUse> references;

  [[nodiscard]] bool says_nothing() const {
    return !frequency && !ordered_visits && requester.empty() &&
           insurance.empty() && !program && conditions.empty() &&
           diagnoses.empty() && successor.empty();
  }
};

struct Coverage {
  Source source;
  std::string status;
  std::string patient;
  std::string type;  // v3-ActCode
  std::string claim_number;
  std::string payor;
  std::string policy_holder;
  std::string jurisdiction;
  std::optional<LocalDate> from, to;  // of the period, both inclusive
  std::vector<ReferenceUse> references;
};

// One line of a payer's decision, or of the request that it answers.
struct AuthorizedItem {
  enum class Service : std::uint8_t {
    unsaid,
    program,  // either
    further,
    other,
    work_conditioning,
    work_hardening,
  };
  std::int64_t sequence = 0;
  bool added = false;  // from addItem
  Service service = Service::unsaid;
  std::optional<Decimal> quantity;
  std::string unit;
  std::string action;  // X12 306, of a PAS review
  std::string number;
  std::optional<LocalDate> from, to;
  std::optional<LocalDate> issued;
  std::string requested_service;
};

struct Authorization {
  Source source;
  std::string status;
  std::string outcome;
  std::string business_key;
  std::string patient;
  std::string insurer;
  std::string request;
  std::string number;
  std::string action;  // of the whole response
  std::string authorized_referral;
  bool has_error = false;
  std::optional<Instant> created;
  std::optional<LocalDate> created_date;  // where no time was written
  std::optional<LocalDate> from, to;
  std::vector<AuthorizedItem> items;
  std::vector<ReferenceUse> references;
};

// CoverageEligibilityResponse: whether the payer wants an authorization. It
// grants nothing.
struct Eligibility {
  Source source;
  bool valid = false;  // active, and no error
  std::string patient;
  std::string insurer;
  std::vector<std::string> coverages;
  std::optional<LocalDate> created;
  std::optional<LocalDate> from, to;  // of service
  std::optional<bool> authorization_required;
  std::string number;  // preAuthRef
};

// Claim with use preauthorization, as EHRs may send it.
struct PreauthorizationRequest {
  Source source;
  std::string referral;
  std::vector<AuthorizedItem> items;
};

struct Performer {
  std::string actor;
  std::string function;  // NUCC taxonomy
  std::string on_behalf_of;
  bool other_function = false;  // it is said, but not by that taxonomy
};

struct Interval {
  Instant start;
  Instant end;
  bool operator==(const Interval&) const = default;
};

// A Procedure, or an Encounter that an EHR sent.
struct Session {
  enum class State : std::uint8_t {
    attended,
    withdrawn,
    arrived,
    under_way,
    paused,
    other
  };
  // Of the program, other treatment on the same day, or none of our business.
  enum class Kind : std::uint8_t { program, treatment, unrelated };
  Source source;
  State state = State::other;
  Kind kind = Kind::unrelated;
  bool is_encounter = false;
  Program program = Program::none;
  std::string code;        // CPT, of other treatment on the same day
  std::string other_type;  // a type that is neither
  std::string business_key;
  std::string patient;
  std::string referral;
  std::string encounter;
  std::string location;
  std::string service_provider;
  std::string zone;  // official extension on the start
  std::optional<Interval> period;
  bool ends_before_it_begins = false;  // and has no period
  bool further_alone = false;          // sent as the further hour itself
  std::vector<Interval> breaks;
  std::vector<Performer> performers;
  std::vector<ReferenceUse> references;
};

struct Appointment {
  Source source;
  std::string status;
  std::string referral;
  std::string patient;
  std::string absence;  // excused, unexcused
  std::string type;
  std::optional<Interval> period;
  std::optional<std::int64_t> minutes;  // minutesDuration, as written
  std::vector<std::string> participants;
  std::optional<Instant> created;
};

struct Location {
  Source source;
  std::string zone;
  std::string place_of_service;
  std::string organization;
};

struct Organization {
  Source source;
  std::string name;
  std::string npi;
  bool has_tin = false;
  bool has_address = false;
  std::vector<std::string> identifiers;  // system|value
};

// From when until when a licence holds; open where nothing is said.
struct Licence {
  std::optional<LocalDate> from, until;
};

struct Practitioner {
  Source source;
  std::string npi;
  bool has_license = false;  // at any time
  std::vector<Licence> licences;
  bool physician = false;
  std::vector<std::string> taxonomies;  // NUCC, of the qualifications

  [[nodiscard]] bool is_licensed(LocalDate day) const {
    return std::any_of(licences.begin(), licences.end(), [&](const auto& one) {
      return (!one.from || *one.from <= day) &&
             (!one.until || day <= *one.until);
    });
  }
};

struct PractitionerRole {
  Source source;
  std::string practitioner;
  std::string organization;
  std::string npi;
  bool attending = false;  // unless it is not active
  bool physician = false;
  std::optional<LocalDate> from, until;
  std::vector<std::string> taxonomies;  // NUCC, of code and specialty

  [[nodiscard]] bool attends_on(std::optional<LocalDate> day) const {
    return attending &&
           (!day || ((!from || *from <= *day) && (!until || *day <= *until)));
  }
};

// Names a member with a role: from a CareTeam or an Encounter's participants.
struct CareRole {
  Source source;
  std::string patient;
  std::vector<std::string> attending;
};

// A resource kept whole. Nobody owns it here where whoever sent it does.
struct Body {
  SharedDocument owner;
  Json root;
  bool operator==(const Body&) const = default;
};

// A person's word on a rule that no machine can check: "pack/ROW" or "ROW".
struct Attestation {
  std::string rule;
  bool holds = true;
  std::optional<LocalDate> date;
  bool operator==(const Attestation&) const = default;
};

// A document, note or measure, in whichever resource it came.
struct Evidence {
  Source source;
  std::string type;  // of the resource
  std::string kind;  // document-type code, where it has one
  std::string code;  // of an Observation, Flag or Condition: its code
  std::string status;
  std::string patient;
  std::vector<std::string> encounters;
  std::optional<LocalDate> date;
  std::optional<Instant> at;          // of that date, where it has a time
  std::optional<LocalDate> until;     // end of a period
  std::optional<std::int64_t> value;  // thousandths
  std::string value_words;            // of a coded or written value
  std::string reason;                 // discharge-reason
  std::string referral;               // of an EpisodeOfCare
  std::int64_t parts = 0;    // sections, items, participants, recipients
  std::int64_t answers = 0;  // of a QuestionnaireResponse
  Areas areas;               // of an evaluation
  bool has_value = false;    // of an Observation: any
  bool has_target = false;   // of a Goal
  bool by_patient = false;   // authors; who gave a Consent
  bool by_practitioner = false;
  bool consents = false;         // a Consent to treatment
  bool contraindicates = false;  // a Flag
  bool has_director = false;     // of a CareTeam
  bool not_working = false;      // an Observation of the work status says so
  bool plans_other = false;      // a CarePlan that names another matter
  std::vector<std::string> addresses;  // conditions of a CarePlan or Goal
  std::vector<std::string> disciplines;
  // Of a Communication: keys, else "system|value", else plain words.
  std::vector<std::string> recipients;
  std::vector<Attestation> attestations;
};

// The payer's answer to a claim: brings the payer's claim number, and says
// whether it pays.
struct PayerAnswer {
  enum class Outcome : std::uint8_t { acknowledged, paid, denied };
  Source source;
  Outcome outcome = Outcome::acknowledged;
  std::string claim;
  std::string number;
};

// What the gateway itself emitted earlier, found again by its key.
struct Emitted {
  Source source;
  std::string type;
  std::string id;
  std::string key;  // of the plan
  std::string status;
  std::string stamp;  // created, authoredOn: kept over versions
  std::string modified;
  std::string focus;               // of a Task
  std::string reason;              // of an EpisodeOfCare that was discharged
  std::optional<LocalDate> until;  // end of the period of an EpisodeOfCare
  std::string discharged_by;       // key of the EpisodeOfCare that it repeats
  std::string prior;  // of a Claim: key of the claim that it replaces
  std::string frequency;
  std::string financial;  // what the payer pays for: lines with money
  std::string insurer;    // who pays: key
  std::string authorization_number;
  std::string body;  // as it was emitted: without meta
};

}  // namespace gateway::episode
