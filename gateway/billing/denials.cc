#include "billing/denials.h"

#include <algorithm>

namespace gateway::billing {
namespace {

const std::vector<Denial> kDenials = {
    {"197", "no authorization", {"A6", "ledger/no-authorization"}},
    {"198", "more than authorized", {"ledger/exhausted"}},
    {"302",
     "authorization out of time",
     {"ledger/expired", "ledger/before-start"}},
    {"15", "authorization number missing", {"authorization/no-number"}},
    {"284",
     "authorization of another service",
     {"authorization/other-service", "authorization/unlinked"}},
    {"243", "no referral", {"session/no-referral", "referral/not-active"}},
    {"39", "denied when asked for", {"ledger/no-authorization"}},
    {"272", "program's rules not met", {"A3", "A4", "A10", "O26"}},
    {"273", "program's rules exceeded", {"A23", "A24", "A25", "O26"}},
    {"119", "more per day than allowed", {"A24", "O26"}},
    {"112", "not documented", {"A19", "A34", "O20"}},
    {"18", "exact duplicate", {"ledger/duplicate-session", "ledger/overlap"}},
    {"107", "further hour without the first two", {"C1"}},
    {"97", "other codes of the same day", {"A16", "A18", "O34"}},
    {"4", "modifier missing or wrong", {"C6", "C7", "billing/unverified"}},
    {"11", "diagnosis does not fit", {"O30", "billing/no-diagnosis"}},
    {"16",
     "information missing",
     {"billing/no-fee", "billing/no-npi", "billing/no-provider",
      "coverage/no-claim-number", "O3"}},
    {"96", "not covered", {"O30", "C4"}},
    {"109", "wrong payer", {"coverage/not-workers-compensation", "O2"}},
    {"191", "not related to work", {"coverage/not-workers-compensation", "O2"}},
    {"183", "provider may not render", {"billing/no-npi", "O31"}},
    {"5", "place of service", {"billing/place-of-service"}},
};

bool names(std::string_view rule, std::string_view wanted) {
  if (rule == wanted) return true;
  const auto slash = rule.rfind('/');
  return slash != std::string_view::npos && rule.substr(slash + 1) == wanted;
}

bool bears(const std::vector<Judgement>& judgements, std::string_view rule) {
  return std::any_of(
      judgements.begin(), judgements.end(), [&](const auto& one) {
        return one.verdict == Verdict::unmet && names(one.rule, rule);
      });
}

}  // namespace

const std::vector<Denial>& denials() { return kDenials; }

std::vector<const Denial*> cleared(const Visit& visit) {
  std::vector<const Denial*> found;
  for (const auto& denial : kDenials) {
    const bool open = std::any_of(
        denial.rules.begin(), denial.rules.end(), [&](std::string_view rule) {
          return bears(visit.judgements, rule) || bears(visit.billing, rule);
        });
    if (!open) found.push_back(&denial);
  }
  return found;
}

}  // namespace gateway::billing
