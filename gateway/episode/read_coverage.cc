#include "episode/read.h"

namespace gateway::episode {
namespace {

std::string claim_number(Json identifiers) {
  for (const Json one : identifiers) {
    if (has_code(one.get("type"), kIdentifierType, "WCN")) {
      return std::string(one.get("value").text());
    }
  }
  return {};
}

}  // namespace

Coverage read_coverage(const Reading& reading) {
  const Json root = reading.root;
  Coverage coverage;
  coverage.source = reading.source;
  coverage.status = root.get("status").text();
  coverage.patient = reference_in(root.get("beneficiary"), reading.base);
  coverage.type = code_in(root.get("type"), kActCode);
  coverage.claim_number = claim_number(root.get("identifier"));
  coverage.payor = reference_in(root.get("payor").first(), reading.base);
  coverage.policy_holder = reference_in(root.get("policyHolder"), reading.base);
  coverage.jurisdiction =
      extension(root,
                std::string(reading.base) + "/StructureDefinition/jurisdiction")
          .get("valueCode")
          .text();
  coverage.from = date_in(root.find("period.start"), reading.zone);
  coverage.to = date_in(root.find("period.end"), reading.zone);
  coverage.references = references_in(root, reading.base);
  return coverage;
}

PayerAnswer read_payer_answer(const Reading& reading) {
  PayerAnswer answer;
  answer.source = reading.source;
  answer.claim = reference_in(reading.root.get("request"), reading.base);
  for (const Json one : reading.root.get("identifier")) {
    if (!answer.number.empty()) break;
    answer.number = one.get("value").text();
  }
  const auto outcome = reading.root.get("outcome").text();
  const auto paid =
      Decimal::parse(reading.root.find("payment.amount.value").text());
  if (outcome == "error") answer.outcome = PayerAnswer::Outcome::denied;
  if (paid && *paid > Decimal(0)) answer.outcome = PayerAnswer::Outcome::paid;
  // Adjudicated, and nothing of it is paid.
  if (outcome == "complete" && paid && !(*paid > Decimal(0))) {
    answer.outcome = PayerAnswer::Outcome::denied;
  }
  return answer;
}

}  // namespace gateway::episode
