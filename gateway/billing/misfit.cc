#include "billing/misfit.h"

#include <algorithm>

#include "billing/grant_rules.h"

namespace gateway::billing {
namespace {

using episode::Case;

const episode::Organization* organization(const Case& facts,
                                          const std::string& key) {
  const auto found = facts.organizations().find(key);
  return found == facts.organizations().end() ? nullptr : &found->second;
}

std::string called(const Case& facts, const std::string& key) {
  const auto* known = organization(facts, key);
  return known == nullptr || known->name.empty() ? key : known->name;
}

// Partners may send one payer more than once: it is the same by its name, or by
// one of its identifiers.
bool same_insurer(const Case& facts, const std::string& left,
                  const std::string& right) {
  if (left.empty() || right.empty() || left == right) return true;
  const auto* one = organization(facts, left);
  const auto* other = organization(facts, right);
  if (one == nullptr || other == nullptr) return false;
  if (!one->name.empty() && one->name == other->name) return true;
  const auto& known = other->identifiers;
  return std::any_of(one->identifiers.begin(), one->identifiers.end(),
                     [&](const std::string& identifier) {
                       return std::find(known.begin(), known.end(),
                                        identifier) != known.end();
                     });
}

Program program_of(episode::AuthorizedItem::Service service) {
  using Service = episode::AuthorizedItem::Service;
  if (service == Service::work_conditioning) return Program::work_conditioning;
  if (service == Service::work_hardening) return Program::work_hardening;
  return Program::none;
}

// A program that the grant is for, and the referral is not; what is granted
// for both at once says of neither how much.
Program other_program(const std::vector<episode::AuthorizedItem>& items,
                      Program wanted) {
  for (const auto& item : items) {
    const bool refused = item.action == "A3";
    const auto program = program_of(item.service);
    if (!refused && program != Program::none && program != wanted) {
      return program;
    }
  }
  return Program::none;
}

}  // namespace

std::optional<Judgement> misfit(const Case& facts, const episode::Grant& grant,
                                const ReferralView& view) {
  const auto& key = grant.authorization->source.key;
  const auto& authorization = *grant.authorization;
  const auto& patient = authorization.patient;
  if (!patient.empty() && !view.patient.empty() && patient != view.patient) {
    return own(kGrantOfOtherPatient, key, patient, view.patient);
  }
  auto other = other_program(authorization.items, view.program);
  const auto* request = facts.request_of(authorization);
  if (other == Program::none && request != nullptr) {
    other = other_program(request->items, view.program);
  }
  if (view.program != Program::none && other != Program::none) {
    return own(kOtherProgram, key, std::string(code(other)),
               std::string(code(view.program)));
  }
  const auto& insurer = grant.authorization->insurer;
  if (same_insurer(facts, insurer, view.insurer)) return std::nullopt;
  return own(kOtherInsurer, key, called(facts, insurer),
             called(facts, view.insurer));
}

}  // namespace gateway::billing
