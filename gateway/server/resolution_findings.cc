#include "server/resolution_findings.h"

namespace gateway::server {

using exchange::WriteEntry;
using fhir::IssueType;

exchange::Refusal several_matches(const WriteEntry& entry) {
  return exchange::refusal(
      412, {.rule = "rest/several-matches",
            .type = IssueType::duplicate,
            .expression = entry.expression,
            .text = "the condition matches more than one resource",
            .wanted = "a condition with at most one match",
            .remedy = "use an identifier that only one resource bears"});
}

exchange::Refusal other_content(const WriteEntry& entry, bool was_mapped) {
  return exchange::refusal(
      409, {.rule = "rest/known-key",
            .type = IssueType::conflict,
            .expression = entry.expression + ".identifier",
            .text = "another resource with other content bears this identifier",
            .wanted = "the same content, or an identifier of its own",
            .remedy =
                was_mapped
                    ? "withdraw what was sent under it (FT1-6 CD, ADT^A11), or "
                      "change it (REF^I13, ORC-1 XO, SIU^S13); or send a new "
                      "number"
                    : "amend the resource with PUT, or send a new identifier"});
}

exchange::Refusal other_session(const WriteEntry& entry) {
  return exchange::refusal(
      409,
      {.rule = "v2/other-session",
       .type = IssueType::conflict,
       .expression = entry.expression + ".performedPeriod.start",
       .text = "another session, of another day, bears this number",
       .wanted = "a number of its own for each session",
       .remedy = "send it under its own number; or, if the day of the stored "
                 "one was wrong, withdraw that one first (ADT^A11)"});
}

fhir::Finding nothing_to_withdraw(const WriteEntry& entry) {
  return {.rule = "v2/nothing-to-withdraw",
          .severity = fhir::Severity::warning,
          .type = IssueType::not_found,
          .expression = entry.expression + ".identifier",
          .text =
              "no session or visit is known by this number, so that "
              "nothing was withdrawn",
          .wanted = "the number under which it was sent",
          .remedy = "check the number; what comes under it later counts"};
}

fhir::Finding no_such_diagnosis(const WriteEntry& entry) {
  return {.rule = "v2/nothing-to-withdraw",
          .severity = fhir::Severity::warning,
          .type = IssueType::not_found,
          .expression = entry.expression + ".identifier",
          .text =
              "no such diagnosis of the patient is known, so that nothing "
              "was withdrawn",
          .wanted = "the code and the date under which it was sent",
          .remedy = "send it as it was sent before, in DG1-3 and DG1-5"};
}

fhir::Finding no_such_referral(const WriteEntry& entry) {
  return {.rule = "v2/nothing-to-withdraw",
          .severity = fhir::Severity::warning,
          .type = IssueType::not_found,
          .expression = entry.expression + ".identifier",
          .text = "no referral is known by this number; it is kept as revoked",
          .wanted = "the number under which the referral was sent",
          .remedy =
              "check the number; a referral that is to count under this "
              "one comes as a change (REF^I13) with its state in RF1-1"};
}

fhir::Finding stays_cancelled(const WriteEntry& entry) {
  return {.rule = "v2/stays-cancelled",
          .severity = fhir::Severity::warning,
          .type = IssueType::business_rule,
          .expression = entry.expression + ".status",
          .text =
              "it is cancelled, and stays so: the message does not say its "
              "state",
          .wanted = "the state, where it is to stand again",
          .remedy =
              "nothing, if it is to stay cancelled; else say its state "
              "(RF1-1, ORC-5)"};
}

fhir::Finding already_cancelled(const WriteEntry& entry) {
  return {.rule = "v2/already-cancelled",
          .severity = fhir::Severity::warning,
          .type = IssueType::business_rule,
          .expression = entry.expression + ".identifier",
          .text = "it was cancelled before it came, and stays cancelled",
          .wanted = "the cancellation after what it cancels",
          .remedy =
              "nothing, if it is to stay cancelled; else send it under a "
              "new number"};
}

exchange::Refusal no_match(const exchange::ConditionalReference& reference,
                           bool several) {
  return exchange::refusal(
      412, {.rule = several ? "rest/several-matches" : "rest/no-match",
            .type = several ? IssueType::duplicate : IssueType::not_found,
            .expression = reference.expression,
            .text = several ? "the conditional reference matches several "
                              "resources"
                            : "the conditional reference matches nothing",
            .wanted = "exactly one match",
            .remedy = "send the target first, or refer to it by its id"});
}

}  // namespace gateway::server
