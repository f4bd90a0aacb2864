#include "exchange/caller.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "exchange/rewriting.h"
#include "exchange/search_parameters.h"

namespace gateway::exchange {
namespace {

// What claims refer to and what belongs to no patient.
constexpr std::array<std::string_view, 4> kParties = {
    "Location", "Organization", "Practitioner", "PractitionerRole"};

bool refers_to(std::string_view body, const std::string& target,
               const Site& site) {
  const auto document = JsonDocument::parse(std::string(body));
  if (!document) return false;
  const auto all = mentions(document->root());
  return std::any_of(all.begin(), all.end(), [&](const Mention& mention) {
    return reference_key(mention.text, site) == target;
  });
}

// True if a claim that the clearinghouse may see names the resource.
Result<bool> named_by_claim(const Caller& caller, const std::string& patient,
                            const std::string& target, store::Store& store,
                            const Site& site) {
  store::SearchQuery query{.type = "Claim", .terms = {{"patient", {patient}}}};
  while (true) {
    const auto page = store.search(scope_of(caller), query);
    if (!page) return page.error();
    for (const auto& claim : page->resources) {
      if (refers_to(claim.body, target, site)) return true;
    }
    if (!page->more) return false;
    query.after = page->last;
    query.after_ordinal = page->last_ordinal;
    query.upto = page->snapshot;
  }
}

}  // namespace

store::Scope scope_of(const Caller& caller) {
  if (caller.role == Role::operator_) return store::Scope::all();
  auto scope = store::Scope::of(caller.partner);
  if (caller.role == Role::clearinghouse) {
    scope.owners.insert(scope.owners.end(), caller.serves.begin(),
                        caller.serves.end());
    scope.hide_draft_claims = true;
  }
  return scope;
}

bool may_write(const Caller& caller, std::string_view type) {
  switch (caller.role) {
    case Role::ehr:
      return true;
    case Role::clearinghouse:
      return type == "ClaimResponse";
    case Role::operator_:
      return false;
  }
  return false;
}

bool may_read_log(const Caller& caller) {
  return caller.role == Role::operator_;
}

Result<bool> may_see(const Caller& caller,
                     const store::StoredResource& resource, store::Store& store,
                     const Site& site) {
  const auto& type = resource.id.type;
  if (caller.role != Role::clearinghouse || type == "Claim" ||
      resource.owner == caller.partner ||
      std::find(kParties.begin(), kParties.end(), type) != kParties.end()) {
    return true;
  }
  const auto document = JsonDocument::parse(resource.body);
  if (!document) return document.error();
  const auto patient = patient_of(document->root(), site);
  if (patient.empty()) return false;
  return named_by_claim(caller, patient, resource.id.text(), store, site);
}

}  // namespace gateway::exchange
