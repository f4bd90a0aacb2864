#include "program/facts.h"

#include "base/decimal.h"

namespace gateway::program {
namespace {

using enum FactType;

constexpr std::array<FactEntry, kFactCount> kFacts{{
    {Fact::referral_active, "referral.isActive", truth, Subject::referral,
     "the order is active or completed, not on hold, revoked or a draft"},
    {Fact::referral_for_program, "referral.isForProgram", truth,
     Subject::referral, "the order's code names the program itself"},
    {Fact::referral_by_attending, "referral.requesterIsAttending", truth,
     Subject::referral, "the requester has the role of attending physician"},
    {Fact::referral_has_requester, "referral.hasRequester", truth,
     Subject::referral, "the order says who ordered"},
    {Fact::referral_as_needed, "referral.isAsNeeded", truth, Subject::referral,
     "the order leaves the frequency to need"},
    {Fact::referral_per_week_low, "referral.sessionsPerWeek.low", number,
     Subject::referral, "the least number of sessions a week that is ordered"},
    {Fact::referral_per_week_high, "referral.sessionsPerWeek.high", number,
     Subject::referral, "the greatest number of sessions a week"},
    {Fact::referral_weeks, "referral.weeks", number, Subject::referral,
     "the ordered duration in weeks, rounded up"},
    {Fact::referral_ordered_visits, "referral.orderedVisits", number,
     Subject::referral, "visits ordered, as written or frequency x weeks"},
    {Fact::referral_has_diagnosis, "referral.hasDiagnosis", truth,
     Subject::referral, "the order names an ICD-10-CM diagnosis"},
    {Fact::coverage_present, "coverage.isPresent", truth, Subject::referral,
     "the order leads to a coverage"},
    {Fact::coverage_workers_compensation, "coverage.isWorkersCompensation",
     truth, Subject::referral, "the coverage's type is WCBPOL"},
    {Fact::coverage_has_claim_number, "coverage.hasClaimNumber", truth,
     Subject::referral, "the coverage bears the number of the claim"},
    {Fact::coverage_has_injury_date, "coverage.hasInjuryDate", truth,
     Subject::referral, "a condition of the order says when the injury was"},
    {Fact::coverage_medicare, "coverage.isMedicare", truth, Subject::referral,
     "the payer's rules are those of Medicare"},
    {Fact::authorization_visits, "authorization.visits", number,
     Subject::authorization, "visits granted"},
    {Fact::authorization_ordered_exceed, "authorization.isFewerThanOrdered",
     truth, Subject::authorization, "fewer visits granted than ordered"},
    {Fact::session_minutes, "session.minutes", number, Subject::session,
     "minutes attended on the local date, overlaps once, breaks taken off"},
    {Fact::session_type_matches, "session.typeMatches", truth, Subject::session,
     "no other kind of visit than the program was sent"},
    {Fact::session_verified_before, "session.isVerifiedBefore", truth,
     Subject::session, "the authorization was created before the session"},
    {Fact::session_other_codes, "session.otherCodes", number, Subject::session,
     "other CPT codes performed on the program's day"},
    {Fact::session_evaluation_codes, "session.evaluationCodes", number,
     Subject::session, "evaluation codes performed on the program's day"},
    {Fact::session_extra_minutes, "session.extraMinutes", number,
     Subject::session, "minutes of other timed codes on the day, together"},
    {Fact::session_further_units, "session.furtherUnits", number,
     Subject::session, "units of each further hour"},
    {Fact::session_first_units, "session.firstUnits", number, Subject::session,
     "units of the first two hours"},
    {Fact::session_within_bounds, "session.isWithinBounds", truth,
     Subject::session, "the date lies within the order's bounds"},
    {Fact::week_attended, "week.attendedDates", number, Subject::week,
     "dates attended in the local week"},
    {Fact::week_is_over, "week.isOver", truth, Subject::week,
     "the week has ended, and so has what it can hold"},
    {Fact::week_ordinal, "week.ordinal", number, Subject::session,
     "which attended date of its week this is"},
    {Fact::episode_days, "episode.days", number, Subject::session,
     "days since the first attended date, both counted"},
    {Fact::booking_minutes, "booking.minutes", number, Subject::booking,
     "length of the booked slot"},
}};

}  // namespace

std::string_view name(Subject subject) {
  switch (subject) {
    case Subject::referral:
      return "referral";
    case Subject::authorization:
      return "authorization";
    case Subject::booking:
      return "booking";
    case Subject::session:
      return "session";
    case Subject::week:
      return "week";
    case Subject::episode:
      return "episode";
  }
  return "";
}

std::optional<Subject> subject_named(std::string_view text) {
  using enum Subject;
  for (const auto one :
       {referral, authorization, booking, session, week, episode}) {
    if (name(one) == text) return one;
  }
  return std::nullopt;
}

const std::array<FactEntry, kFactCount>& fact_table() { return kFacts; }

const FactEntry& entry(Fact fact) {
  return kFacts[static_cast<std::size_t>(fact)];
}

const FactEntry* fact_named(std::string_view name) {
  for (const auto& one : kFacts) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::string thousandths_text(std::int64_t thousandths) {
  return Decimal(thousandths, 3).normalized().text();
}

std::string Facts::text(Fact fact) const {
  const auto found = value(fact);
  if (!found) return "unknown";
  switch (entry(fact).type) {
    case truth:
      return *found != 0 ? "yes" : "no";
    case number:
      return thousandths_text(*found);
    case date:
      return LocalDate(std::chrono::local_days(
                           std::chrono::days(static_cast<int>(*found))))
          .text();
    case FactType::text:
      return {};
  }
  return {};
}

}  // namespace gateway::program
