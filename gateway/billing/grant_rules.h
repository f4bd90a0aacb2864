// GrantRules are the rules of our own about authorizations: why a grant cannot
// be tied to a referral or used as it stands.

#pragma once

#include "billing/judge.h"
#include "episode/grant.h"

namespace gateway::billing {

inline constexpr Own kUnlinked{
    "authorization/unlinked",
    "The authorization cannot be tied to exactly one open referral",
    "a reference to the referral, or one open referral of this payer",
    "refer to it from ServiceRequest.insurance",
    "link-authorization",
    "ClaimResponse",
    fhir::Actor::front_office};
inline constexpr Own kPended{
    "authorization/pended",   "The payer has not decided yet",
    "a decision that grants", "wait for the payer's decision",
    "link-authorization",     "ClaimResponse.item.adjudication",
    fhir::Actor::payer};
inline constexpr Own kNoNumber{"authorization/no-number",
                               "The grant has no number",
                               "preAuthRef",
                               "ask the payer for the number",
                               "link-authorization",
                               "ClaimResponse.preAuthRef",
                               fhir::Actor::payer};
inline constexpr Own kRepeated{
    "authorization/repeated-number",
    "Another authorization in force has this number for the same dates",
    "each grant once",
    "withdraw one of the two; send a change of the first under its own "
    "identifier",
    "link-authorization",
    "ClaimResponse.preAuthRef",
    fhir::Actor::front_office};
inline constexpr Own kNoQuantity{
    "authorization/no-quantity",
    "The grant does not say how much it allows",
    "a quantity of whole visits, of hours or of units",
    "send the quantity, or the request that was answered",
    "link-authorization",
    "ClaimResponse.addItem.quantity",
    fhir::Actor::payer};
inline constexpr Own kOtherUnit{
    "authorization/unit",
    "The granted quantity is counted in another unit",
    "visits (VS), hours (HS) or units (UN)",
    "ask the payer for visits or hours",
    "link-authorization",
    "ClaimResponse.addItem.quantity",
    fhir::Actor::payer};
inline constexpr Own kOtherService{"authorization/other-service",
                                   "The grant is for another service",
                                   "the program's code, 97545 or 97546",
                                   "link the right authorization",
                                   "link-authorization",
                                   "ClaimResponse.addItem.productOrService",
                                   fhir::Actor::payer};

inline constexpr Own kOtherProgram{"authorization/other-program",
                                   "The grant is for another program",
                                   "a grant for the program of the referral",
                                   "link the right authorization, or ask the "
                                   "payer for the program that was ordered",
                                   "link-authorization",
                                   "ClaimResponse.addItem.productOrService",
                                   fhir::Actor::front_office};
inline constexpr Own kGrantOfOtherPatient{
    "authorization/other-patient",
    "The authorization is of another patient than the referral that it names",
    "the authorization and its referral of one patient",
    "correct the patient, or the referral that it names",
    "link-authorization",
    "ClaimResponse.patient",
    fhir::Actor::front_office};
inline constexpr Own kOtherInsurer{
    "authorization/other-insurer",
    "The grant comes from another insurer than that of the coverage",
    "the insurer of the referral's coverage",
    "link the right authorization, or correct the coverage",
    "link-authorization",
    "ClaimResponse.insurer",
    fhir::Actor::front_office};

inline constexpr Own kBilledUnder{
    "ledger/billed-authorization",
    "The authorization that a pulled claim was billed on no longer covers it",
    "an authorization that covers what was billed",
    "ask the payer; correct the authorization, or withdraw the session, which "
    "voids the claim",
    "review-claim",
    "Claim.insurance.preAuthRef",
    fhir::Actor::biller};

constexpr const Own& rule_of(episode::Defect defect) {
  switch (defect) {
    case episode::Defect::no_number:
      return kNoNumber;
    case episode::Defect::no_quantity:
      return kNoQuantity;
    case episode::Defect::other_unit:
      return kOtherUnit;
    case episode::Defect::other_service:
      return kOtherService;
    case episode::Defect::repeated:
      return kRepeated;
    case episode::Defect::pended:
      return kPended;
  }
  return kPended;
}

}  // namespace gateway::billing
