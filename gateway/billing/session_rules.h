// SessionRules are the rules of our own about sessions: why one cannot be
// counted, or is counted and may not be billed.

#pragma once

#include "billing/judge.h"

namespace gateway::billing {

inline constexpr Own kNoTime{"time/no-offset",
                             "The session does not say when it began and ended",
                             "a period with start, end and their offsets",
                             "send the times with their offset from UTC",
                             "review-session",
                             "Procedure.performed",
                             fhir::Actor::therapist};
inline constexpr Own kNegative{"time/negative",
                               "The session ends before it begins",
                               "an end that is not before the start",
                               "correct the times",
                               "review-session",
                               "Procedure.performed",
                               fhir::Actor::therapist};
inline constexpr Own kFuture{"time/future",
                             "The session lies in the future",
                             "a session that has ended",
                             "send the session once it has ended",
                             "review-session",
                             "Procedure.performed",
                             fhir::Actor::therapist};
inline constexpr Own kNoZone{"time/unknown-zone",
                             "The zone of the session's place is not known",
                             "an IANA name, such as America/Chicago",
                             "correct the timezone of the Location",
                             "review-session",
                             "Location.extension",
                             fhir::Actor::front_office};
inline constexpr Own kNoReferral{"session/no-referral",
                                 "The session names no referral",
                                 "basedOn that refers to the ServiceRequest",
                                 "refer to the referral",
                                 "review-session",
                                 "Procedure.basedOn",
                                 fhir::Actor::therapist};
inline constexpr Own kOtherPatient{
    "session/other-patient",
    "The session is of another patient than the referral that it names",
    "the session and its referral of one patient",
    "correct the patient of the session, or the referral that it names",
    "review-session",
    "Procedure.subject",
    fhir::Actor::therapist};
inline constexpr Own kAlone{
    "session/treatment-alone",
    "Other treatment was sent for a day without a session of the program",
    "a session of the program on that day, under the same referral",
    "send the session; or take the referral out of treatment that is billed "
    "elsewhere",
    "review-session",
    "Procedure.basedOn",
    fhir::Actor::therapist};
inline constexpr Own kNoIdentifier{"session/no-identifier",
                                   "The session has no identifier of its own",
                                   "an identifier with system and value",
                                   "send the session with its identifier",
                                   "review-session",
                                   "Procedure.identifier"};
inline constexpr Own kOverlap{
    "ledger/overlap",
    "The session shares time with another of the patient",
    "no minute in two sessions",
    "correct the times, or withdraw one session",
    "review-session",
    "Procedure.performed",
    fhir::Actor::therapist};
inline constexpr Own kDuplicate{
    "ledger/duplicate-session",
    "The same session was sent under another identifier",
    "each session once",
    "withdraw one of the two",
    "review-session",
    "Procedure.identifier",
    fhir::Actor::therapist};
inline constexpr Own kSecondReferral{
    "ledger/second-referral",
    "Another referral of this claim number is billed on the same day",
    "one referral per claim number and day",
    "record both sessions under one referral",
    "review-session",
    "Procedure.basedOn",
    fhir::Actor::biller};

}  // namespace gateway::billing
