#include "program/facts.h"

#include "base/decimal.h"

namespace gateway::program {
namespace {

using enum FactType;

constexpr std::array<FactEntry, kFactCount> kFacts{{
    {Fact::policy_stale, "policy.isStale", truth, Subject::session,
     "the pack is past its own date of review",
     "the pack's own `stale`; Procedure.performed"},
    {Fact::referral_active, "referral.isActive", truth, Subject::referral,
     "the order is active or completed, not on hold, revoked or a draft",
     "ServiceRequest.status"},
    {Fact::referral_for_program, "referral.isForProgram", truth,
     Subject::referral, "the order's code names the program itself",
     "ServiceRequest.code"},
    {Fact::referral_by_attending, "referral.requesterIsAttending", truth,
     Subject::referral, "the requester has the role of attending physician",
     "ServiceRequest.requester; PractitionerRole.code, CareTeam.participant, "
     "Encounter.participant"},
    {Fact::referral_by_physician, "referral.requesterIsPhysician", truth,
     Subject::referral, "the requester's role or specialty is a physician's",
     "ServiceRequest.requester; PractitionerRole.code and specialty, "
     "Practitioner.qualification"},
    {Fact::referral_has_requester, "referral.hasRequester", truth,
     Subject::referral, "the order says who ordered",
     "ServiceRequest.requester"},
    {Fact::referral_as_needed, "referral.isAsNeeded", truth, Subject::referral,
     "the order leaves the frequency to need", "ServiceRequest.asNeeded"},
    {Fact::referral_per_week_low, "referral.sessionsPerWeek.low", number,
     Subject::referral, "the least number of sessions a week that is ordered",
     "ServiceRequest.occurrence: repeat.frequency, period, periodUnit, "
     "dayOfWeek"},
    {Fact::referral_per_week_high, "referral.sessionsPerWeek.high", number,
     Subject::referral, "the greatest number of sessions a week",
     "ServiceRequest.occurrence: repeat.frequencyMax"},
    {Fact::referral_weeks, "referral.weeks", number, Subject::referral,
     "the ordered duration in weeks, rounded up",
     "ServiceRequest.occurrence: repeat.bounds"},
    {Fact::referral_ordered_visits, "referral.orderedVisits", number,
     Subject::referral, "visits ordered, as written or frequency x weeks",
     "ServiceRequest.quantity, or occurrence"},
    {Fact::referral_has_diagnosis, "referral.hasDiagnosis", truth,
     Subject::referral, "the order names an ICD-10-CM diagnosis",
     "ServiceRequest.reasonReference and reasonCode; Condition.code"},
    {Fact::referral_region_allowed, "referral.isRegionAllowed", truth,
     Subject::referral,
     "the diagnoses lie in body regions that the policy allows",
     "Condition.code; the knob regionRules"},
    {Fact::referral_valid_diagnoses, "referral.hasValidDiagnoses", truth,
     Subject::referral,
     "each diagnosis code is valid on the day of the order, or on the date of "
     "service where a row is judged on each; unknown where the table lacks one",
     "Condition.code; the knob diagnosisDates"},
    {Fact::referral_not_working, "referral.isNotWorking", truth,
     Subject::referral,
     "an observation says that the patient does not work now",
     "Observation.value of LOINC 74165-2 or work-status"},
    {Fact::referral_programmes, "referral.programmesOfInjury", number,
     Subject::referral,
     "this program and the earlier ones under the same claim number that were "
     "attended",
     "ServiceRequest.authoredOn; Coverage.identifier; Procedure.basedOn"},
    {Fact::referral_lead_days, "referral.leadDays", number, Subject::referral,
     "days from the order until it was booked, else until the first day",
     "ServiceRequest.authoredOn; Appointment.created, else Appointment.start "
     "and Procedure.performed"},
    {Fact::coverage_present, "coverage.isPresent", truth, Subject::referral,
     "the order leads to a coverage", "ServiceRequest.insurance"},
    {Fact::coverage_workers_compensation, "coverage.isWorkersCompensation",
     truth, Subject::referral, "the coverage's type is WCBPOL",
     "Coverage.type"},
    {Fact::coverage_has_claim_number, "coverage.hasClaimNumber", truth,
     Subject::referral, "the coverage bears the number of the claim",
     "Coverage.identifier"},
    {Fact::coverage_has_injury_date, "coverage.hasInjuryDate", truth,
     Subject::referral, "a condition of the order says when the injury was",
     "Condition.onset"},
    {Fact::coverage_medicare, "coverage.isMedicare", truth, Subject::referral,
     "the payer's rules are those of Medicare",
     "Coverage.payor; the payer's packs"},
    {Fact::authorization_visits, "authorization.visits", number,
     Subject::authorization, "visits granted",
     "ClaimResponse.addItem.quantity, item"},
    {Fact::authorization_has_quantity, "authorization.hasQuantity", truth,
     Subject::authorization, "the grant says how many visits or hours",
     "ClaimResponse.addItem.quantity, item"},
    {Fact::authorization_has_period, "authorization.hasPeriod", truth,
     Subject::authorization, "the grant says from when to when",
     "ClaimResponse.preAuthPeriod"},
    {Fact::booking_minutes, "booking.minutes", number, Subject::booking,
     "length of the booked slot",
     "Appointment.minutesDuration, start and end: the least"},
    {Fact::booking_therapists, "booking.therapists", number, Subject::booking,
     "licensed therapists who are booked for the day",
     "Appointment.participant; Practitioner.qualification"},
    {Fact::session_minutes, "session.minutes", number, Subject::session,
     "minutes attended on the local date, overlaps once, breaks taken off",
     "Procedure.performed, Encounter.period; breaks"},
    {Fact::session_longest_gap, "session.longestGapMinutes", number,
     Subject::session, "minutes between the parts of the day, where most",
     "Procedure.performed"},
    {Fact::session_type_matches, "session.typeMatches", truth, Subject::session,
     "no other kind of visit than the program was sent",
     "Procedure.code, Encounter.type"},
    {Fact::session_same_program, "session.isSameProgram", truth,
     Subject::session, "the session is of the program that was ordered",
     "Procedure.code, Encounter.type; ServiceRequest.code"},
    {Fact::session_verified_before, "session.isVerifiedBefore", truth,
     Subject::session, "the authorization was created before the session",
     "ClaimResponse.created; Procedure.performed"},
    {Fact::session_other_codes, "session.otherCodes", number, Subject::session,
     "other CPT codes performed on the program's day",
     "Procedure.code of the day; the knob allowedExtraCodes"},
    {Fact::session_evaluation_codes, "session.evaluationCodes", number,
     Subject::session, "evaluation codes performed on the program's day",
     "Procedure.code of the day"},
    {Fact::session_capacity_codes, "session.capacityCodes", number,
     Subject::session, "functional capacity evaluations on the program's day",
     "Procedure.code of the day"},
    {Fact::session_extra_minutes, "session.extraMinutes", number,
     Subject::session, "minutes of other timed codes on the day, together",
     "Procedure.performed of other codes of the day"},
    {Fact::session_component_modifiers, "session.componentModifiers", number,
     Subject::session, "modifiers of a professional or technical component",
     "the knob modifiers"},
    {Fact::session_surgical_modifiers, "session.surgicalModifiers", number,
     Subject::session, "modifiers that belong to surgery",
     "the knob modifiers"},
    {Fact::session_wants_plan_of_care, "session.wantsPlanOfCare", truth,
     Subject::session, "the payer tells plans of care apart by a modifier",
     "the knob modifiers"},
    {Fact::session_has_plan_of_care, "session.hasPlanOfCare", truth,
     Subject::session,
     "the session belongs to one profession's plan of care, which has a "
     "modifier",
     "Procedure.performer.function; PractitionerRole.code and specialty, "
     "Practitioner.qualification; the knobs professions and modifiers"},
    {Fact::session_further_units, "session.furtherUnits", number,
     Subject::session, "units of each further hour",
     "Procedure.performed; the knob unitRule"},
    {Fact::session_further_alone, "session.isFurtherHourAlone", truth,
     Subject::session, "all that was sent of the day is the further hour",
     "Procedure.code of the day"},
    {Fact::session_units_over_mue, "session.unitsOverMue", number,
     Subject::session,
     "units beyond what the edit expects of a day, of the code that has most; "
     "unknown where nobody asks",
     "Procedure.performed; the knobs mue and mueAction"},
    {Fact::session_first_units, "session.firstUnits", number, Subject::session,
     "units of the first two hours", "Procedure.performed; the knob unitRule"},
    {Fact::session_authorized, "session.isAuthorized", truth, Subject::session,
     "an authorization serves the date", "ClaimResponse"},
    {Fact::session_treatments, "session.treatments", number, Subject::session,
     "kinds of treatment on the day; the program counts as one",
     "Procedure.code of the day"},
    {Fact::session_injury_months, "session.monthsSinceInjury", number,
     Subject::session, "whole months from the injury to the session",
     "Condition.onset; Procedure.performed"},
    {Fact::session_within_bounds, "session.isWithinBounds", truth,
     Subject::session, "the date lies within the order's bounds",
     "ServiceRequest.occurrence: repeat.bounds; Procedure.performed"},
    {Fact::session_ordinal, "session.ordinal", number, Subject::session,
     "which attended date of the episode this is", "Procedure.performed"},
    {Fact::session_past_half, "session.isPastHalf", truth, Subject::session,
     "half of the visits that were authorized first are attended",
     "ClaimResponse.addItem.quantity and created; the knob pnAtFraction"},
    {Fact::session_extension, "session.isExtension", truth, Subject::session,
     "an authorization that was given before was used up or has ended",
     "ClaimResponse.preAuthPeriod, created and addItem.quantity"},
    {Fact::session_has_exception, "session.hasException", truth,
     Subject::session,
     "an exception is documented for the patient, and not over by the date",
     "Flag.code exception, period and encounter"},
    {Fact::session_therapists, "session.therapists", number, Subject::session,
     "different licensed therapists who led the day",
     "Procedure.performer; Practitioner.qualification"},
    {Fact::session_has_sheet, "session.hasActivitySheet", truth,
     Subject::session, "an activity sheet of the date exists",
     "DocumentReference.type activity-sheet, date or context.encounter"},
    {Fact::session_sheet_days, "session.sheetScanDays", number,
     Subject::session, "days from the session to the scan of its sheet",
     "DocumentReference.date and context.encounter"},
    {Fact::session_has_note, "session.hasDailyNote", truth, Subject::session,
     "a daily note of the date exists",
     "Composition or DocumentReference of type daily-note, date or encounter"},
    {Fact::session_note_sections, "session.noteSections", number,
     Subject::session,
     "sections of the daily note; unknown of one that was scanned",
     "Composition.section"},
    {Fact::session_within_plan, "session.isWithinPlan", truth, Subject::session,
     "the date is not after the planned end, which a later plan moves only "
     "after improvement; unknown without a plan",
     "CarePlan.period, created, title, category and addresses; Observation "
     "job-match-percent"},
    {Fact::session_review_days, "session.daysSinceReview", number,
     Subject::session,
     "days from the last progress note, else from the first attended date, to "
     "the session",
     "Composition or DocumentReference of type progress-note; "
     "Procedure.performed"},
    {Fact::session_reviewed, "session.isReviewed", truth, Subject::session,
     "a progress note is of the date of the session, or of one before it",
     "Composition or DocumentReference of type progress-note"},
    {Fact::session_licensed, "session.providerIsLicensed", truth,
     Subject::session,
     "the rendering provider has a licence on the date: the code of a "
     "profession, or a number that was issued",
     "Practitioner.qualification"},
    {Fact::week_ordinal, "week.ordinal", number, Subject::week,
     "which attended date of its week this is",
     "Procedure.performed; the knob weekStart"},
    {Fact::week_attended, "week.attendedDates", number, Subject::week,
     "dates attended in the local week",
     "Procedure.performed; the knob weekStart"},
    {Fact::week_over, "week.isOver", truth, Subject::week,
     "the week has ended, and this is its last attended date",
     "Procedure.performed; the clock"},
    {Fact::episode_days, "episode.days", number, Subject::episode,
     "days since the first attended date, both counted", "Procedure.performed"},
    {Fact::episode_job_analysis, "episode.hasJobAnalysis", truth,
     Subject::episode, "a job analysis is on file",
     "DocumentReference.type job-analysis"},
    {Fact::episode_demand_level, "episode.hasPhysicalDemandLevel", truth,
     Subject::episode,
     "the physical demand level of the job is recorded: sedentary, light, "
     "medium, heavy or very heavy",
     "Observation.code physical-demand-level and value"},
    {Fact::episode_goal, "episode.hasGoal", truth, Subject::episode,
     "a goal with a target is recorded", "Goal.target"},
    {Fact::episode_goals, "episode.goals", number, Subject::episode,
     "goals that are recorded", "Goal"},
    {Fact::episode_baseline, "episode.hasBaseline", truth, Subject::episode,
     "answers or observations with a value of the first attended date exist; "
     "the job and the work status are none",
     "QuestionnaireResponse.authored and item.answer, Observation.effective "
     "and value"},
    {Fact::episode_dedication, "episode.hasDedication", truth, Subject::episode,
     "patient and practitioner signed the dedication page on the first "
     "attended date",
     "DocumentReference.type dedication-page, author and date; or a Consent "
     "to treatment: category dedication-page, performer and dateTime"},
    {Fact::episode_progress_note, "episode.hasProgressNote", truth,
     Subject::episode, "a progress note was written since the episode began",
     "Composition or DocumentReference of type progress-note"},
    {Fact::episode_note_structured, "episode.progressNoteIsStructured", truth,
     Subject::episode, "a progress note since the episode began has sections",
     "Composition.section and date"},
    {Fact::episode_communication, "episode.hasCommunication", truth,
     Subject::episode,
     "a communication since the order, with others than the patient, is "
     "recorded",
     "Communication.sent and recipient"},
    {Fact::episode_recipients, "episode.recipients", number, Subject::episode,
     "different parties to whom something of the case was sent in the seven "
     "days until the session: known ones, or named by identifier or display",
     "Communication.sent and recipient"},
    {Fact::episode_home_program, "episode.hasHomeProgram", truth,
     Subject::episode, "a home exercise program is recorded since the order",
     "CarePlan.category or DocumentReference.type home-exercise-program; "
     "CarePlan.title"},
    {Fact::episode_consent, "episode.hasConsent", truth, Subject::episode,
     "an active consent to treatment, of the first attended date or before; "
     "none that denies it",
     "Consent.status, scope, provision.type and dateTime"},
    {Fact::episode_barriers, "episode.hasBarriers", truth, Subject::episode,
     "psychosocial barriers or pain behaviour are documented",
     "QuestionnaireResponse.item.answer; Condition.code F00-F99, G89, "
     "neither refuted nor over"},
    {Fact::episode_contraindicated, "episode.isContraindicated", truth,
     Subject::episode,
     "an active flag warns against the program, that was not over before it",
     "Flag.status, period, category clinical or safety, or a code that says "
     "contraindication; none that says there is none"},
    {Fact::episode_prior_therapy, "episode.hasPriorTherapy", truth,
     Subject::episode, "an earlier episode of therapy is finished",
     "EpisodeOfCare.status and referralRequest: none, or other therapy"},
    {Fact::episode_acute_overlap, "episode.acuteOverlapDays", number,
     Subject::episode,
     "days that acute therapy and the program, booked or attended, overlap",
     "EpisodeOfCare.period and referralRequest: none, or other therapy"},
    {Fact::episode_planned_end, "episode.hasPlannedEnd", truth,
     Subject::episode,
     "a care plan that stands fixes the length of stay, and ends no earlier "
     "than the episode begins",
     "CarePlan.status and period"},
    {Fact::episode_plan_days, "episode.planDays", number, Subject::episode,
     "days from the first attended date to the first care plan, both counted; "
     "unknown without one",
     "CarePlan.created, CarePlan.period"},
    {Fact::episode_evaluation_areas, "episode.evaluationAreas", number,
     Subject::episode,
     "areas that the evaluation names, of musculoskeletal, cardiovascular, "
     "vocational, attitudinal, behavioural, cognitive, functional capacity, "
     "safety, accommodation",
     "Composition.section: title and code; QuestionnaireResponse.item: text "
     "and linkId"},
    {Fact::episode_evaluation_days, "episode.evaluationBusinessDays", number,
     Subject::episode,
     "business days from the first date to its documented evaluation, since "
     "the order: of that type, or one that names an area",
     "Composition.date, QuestionnaireResponse.authored"},
    {Fact::episode_disciplines, "episode.disciplines", number, Subject::episode,
     "different disciplines in the care team; the patient and the payer are "
     "none",
     "CareTeam.participant.role and member"},
    {Fact::episode_director, "episode.hasDirector", truth, Subject::episode,
     "the care team has a director", "CareTeam.participant.role"},
    {Fact::episode_measures, "episode.measures", number, Subject::episode,
     "observations with a value", "Observation.value"},
    {Fact::episode_absences, "episode.absences", number, Subject::episode,
     "days of the program missed without excuse and not attended after all, "
     "tardies counted in; of a session, until its day",
     "Appointment.basedOn, else appointmentType, status and "
     "cancelationReason, start; "
     "Procedure.performed"},
    {Fact::episode_discharged, "episode.isDischarged", truth, Subject::episode,
     "the episode was discharged", "EpisodeOfCare.status"},
    {Fact::episode_discharge_reason, "episode.hasDischargeReason", truth,
     Subject::episode, "the discharge says why, by one of the five codes",
     "EpisodeOfCare extension discharge-reason"},
    {Fact::episode_discharge_report, "episode.hasDischargeReport", truth,
     Subject::episode,
     "a written report of the discharge exists since the order",
     "Composition or DocumentReference of type discharge-summary"},
    {Fact::episode_report_sections, "episode.dischargeReportSections", number,
     Subject::episode,
     "sections of the report of the discharge; unknown of one that was "
     "scanned",
     "Composition.section"},
    {Fact::episode_report_gap, "episode.reportGapDays", number,
     Subject::episode,
     "days from the last documented improvement, else from the first attended "
     "date, to the session",
     "Observation.effective of job-match-percent; Composition or "
     "DocumentReference of type progress-note; Procedure.performed"},
    {Fact::episode_improving, "episode.isImproving", truth, Subject::episode,
     "the last measure is better than all before",
     "Observation.value of job-match-percent"},
    {Fact::episode_plateau_days, "episode.plateauDays", number,
     Subject::episode,
     "days from the last measure that was better than all before to the "
     "session; unknown before the first measure",
     "Observation.value and effective of job-match-percent; "
     "Procedure.performed"},
    {Fact::episode_trend, "episode.trend", number, Subject::episode,
     "by how much the last measure is above the first; unknown of one alone",
     "Observation.value and effective of job-match-percent"},
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

const Attested* Facts::attested(std::string_view rule) const {
  const auto row = rule.substr(rule.rfind('/') + 1);
  const Attested* last = nullptr;
  for (const auto& one : attested_) {
    if (one.what.rule != rule && one.what.rule != row) continue;
    const bool newer = last == nullptr || last->what.date < one.what.date ||
                       (last->what.date == one.what.date &&
                        last->source->key < one.source->key);
    if (newer) last = &one;
  }
  return last;
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
