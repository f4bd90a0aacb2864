#include "billing/denials.h"

#include <optional>
#include <utility>

namespace gateway::billing {
namespace {

// Codes of one row of the source stand together, each with what is its own.
const std::vector<Denial> kDenials = {
    {"197", "no authorization", {"A6", "ledger/no-authorization"}},
    {"198", "more than authorized", {"ledger/exhausted"}},
    {"302",
     "authorization out of time",
     {"ledger/expired", "ledger/before-start"}},
    {"15", "authorization number missing", {"authorization/no-number"}},
    {"284",
     "authorization of another service",
     {"authorization/other-service", "authorization/other-program",
      "authorization/other-patient", "authorization/unlinked"}},
    {"243",
     "no referral",
     {"session/no-referral", "referral/not-active", "referral/written-later"}},
    {"287", "more than was referred", {"A25", "ORDERED"}},
    {"288",
     "referral missing",
     {"session/no-referral", "referral/written-later"}},
    {"39", "denied when asked for", {"ledger/no-authorization"}},
    {"272", "program's rules not met", {"A3", "A4", "A10", "O26"}},
    {"273", "program's rules exceeded", {"A23", "A24", "A25", "O26"}},
    {"119", "more per period than allowed", {"A24", "O26"}},
    {"151", "more sessions than supported", {"A23", "O26"}},
    {"222", "more units than contracted", {"C5", "billing/mue"}},
    {"112", "not documented as furnished", {"A19", "A34", "O20"}},
    {"B12", "not in the patient's records", {"A19", "A34", "O20"}},
    {"150", "level of service not supported", {"A34", "A36", "O20"}},
    {"152", "length of service not supported", {"time/no-offset", "A8", "O25"}},
    {"18", "exact duplicate", {"ledger/duplicate-session", "ledger/overlap"}},
    {"B13", "paid before", {"ledger/duplicate-session"}},
    {"107", "further hour without the first two", {"C1"}},
    {"B15", "the first two hours are missing", {"C1"}},
    {"97", "included in another code", {"A16", "A18", "O34"}},
    {"234", "not paid apart", {"A18", "O34", "LA1"}},
    {"236", "not together on one day", {"A18", "O34", "LA1"}},
    {"4",
     "modifier missing or wrong",
     {"C6", "C7", "C9", "billing/unverified"}},
    {"182", "modifier not valid", {"C6", "C7", "C9"}},
    {"11",
     "diagnosis does not fit",
     {"O30", "DX", "billing/no-diagnosis", "condition/code",
      "condition/external-cause"}},
    {"146",
     "diagnosis not valid",
     {"O30", "DX", "billing/no-diagnosis", "condition/code",
      "condition/external-cause"}},
    {"167", "diagnosis not covered", {"O30"}},
    {"16",
     "information missing",
     {"billing/no-fee", "billing/no-diagnosis", "billing/no-injury-date",
      "billing/no-npi", "billing/no-provider", "coverage/no-claim-number",
      "O3"}},
    {"252", "attachment missing", {"A35", "A28", "O16"}},
    {"163", "attachment not received", {"A35", "O32"}},
    {"226", "information not sent", {"O3", "coverage/no-claim-number"}},
    {"29", "filed too late", {"billing/late"}},
    {"96", "not covered", {"O30", "C4"}},
    {"50", "not necessary", {"O30", "T5", "T6"}},
    {"109",
     "wrong payer",
     {"coverage/not-workers-compensation", "O2",
      "authorization/other-insurer"}},
    {"191", "not related to work", {"coverage/not-workers-compensation", "O2"}},
    {"26", "before the coverage", {"coverage/before-start"}},
    {"27", "after the coverage", {"coverage/ended"}},
    {"183", "provider may not refer", {"A2", "O5"}},
    {"184", "provider may not prescribe", {"A2", "O5"}},
    {"185",
     "provider may not render",
     {"billing/no-npi", "billing/no-license", "O31"}},
    {"170",
     "kind of provider not paid",
     {"billing/no-npi", "billing/no-license", "O31"}},
    {"5", "place of service", {"billing/place-of-service"}},
    {"58", "place of service not valid", {"billing/place-of-service"}},
};

bool names(std::string_view rule, std::string_view wanted) {
  if (rule == wanted) return true;
  const auto slash = rule.rfind('/');
  return slash != std::string_view::npos && rule.substr(slash + 1) == wanted;
}

// What was found of one rule, of all who judged it: the worst.
std::optional<Verdict> verdict_on(std::string_view rule, const Visit& visit,
                                  const ReferralView& owner) {
  std::optional<Verdict> found;
  for (const auto* judgements :
       {&visit.judgements, &visit.billing, &owner.judgements}) {
    for (const auto& one : *judgements) {
      if (!names(one.rule, rule)) continue;
      if (one.verdict == Verdict::unmet) return Verdict::unmet;
      if (!found || one.verdict == Verdict::met) found = one.verdict;
    }
  }
  return found;
}

// Rules of our own are heard of only where they fail. They are always asked,
// but for those that need a setting or a datum that may not be there.
bool was_asked(std::string_view rule, const Visit& visit,
               const ReferralView& owner) {
  if (rule == "billing/late") {
    return visit.policy != nullptr &&
           visit.policy->rules.timely_filing_days > 0;
  }
  if (rule == "referral/written-later") {
    return owner.order != nullptr && owner.order->authored.has_value();
  }
  const auto* coverage = owner.coverage;
  if (rule == "coverage/before-start") {
    return coverage != nullptr && coverage->from;
  }
  if (rule == "coverage/ended") return coverage != nullptr && coverage->to;
  return rule.find('/') != std::string_view::npos;
}

}  // namespace

const std::vector<Denial>& denials() { return kDenials; }

std::vector<Cleared> cleared(const Visit& visit, const ReferralView& owner) {
  std::vector<Cleared> all;
  for (const auto& denial : kDenials) {
    Cleared one{&denial, {}};
    bool open = false;
    for (const auto rule : denial.rules) {
      const auto verdict = verdict_on(rule, visit, owner);
      open |= verdict == Verdict::unmet;
      if (verdict == Verdict::met || was_asked(rule, visit, owner))
        one.rules.push_back(rule);
    }
    if (!open && !one.rules.empty()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace gateway::billing
