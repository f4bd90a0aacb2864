#include "server/claim_day.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "billing/explain.h"

namespace gateway::server {
namespace {

// Those that were in force then come first.
std::vector<SharedEdition> candidates(const Editions& editions, Instant at) {
  const auto state = editions.state();
  std::vector<SharedEdition> all{state.current};
  all.insert(all.end(), state.earlier.begin(), state.earlier.end());
  std::stable_partition(all.begin(), all.end(),
                        [&](const auto& one) { return one->loaded <= at; });
  return all;
}

// The claim that bills: for a void, the one that it takes back.
std::string billing_claim(const store::StoredResource& claim,
                          const KnownCase& present) {
  const auto found = present.facts.emitted().find(claim.id.text());
  if (found == present.facts.emitted().end()) return claim.id.text();
  const auto& emitted = found->second;
  return emitted.frequency == "8" ? emitted.prior : claim.id.text();
}

// The newest version that was to be paid, up to the version that is asked of.
Result<std::optional<store::StoredResource>> billed_version(
    const store::StoredResource& claim, const KnownCase& present,
    const Parts& parts) {
  const auto reference = fhir::parse_reference(billing_claim(claim, present));
  if (!reference) return std::optional<store::StoredResource>();
  auto versions =
      parts.store.history(store::Scope::of(claim.owner), reference->target);
  if (!versions) return versions.error();
  for (auto& version : *versions) {
    if (version.sequence > claim.sequence) continue;
    const auto document = JsonDocument::parse(version.body);
    if (!document) return document.error();
    if (document->root().get("status").text() == "active") {
      return {std::move(version)};
    }
  }
  return std::optional<store::StoredResource>();
}

}  // namespace

Result<std::optional<PastExplanation>> explain_past(
    const store::StoredResource& claim, const KnownCase& present,
    const Parts& parts) {
  auto billed = billed_version(claim, present, parts);
  if (!billed) return billed.error();
  if (!*billed) return std::optional<PastExplanation>();
  const Past past{.sequence = (*billed)->sequence,
                  .at = (*billed)->last_updated};
  auto known = parts.shelf.as_of(claim.owner, claim.case_key, past);
  if (!known) return known.error();
  for (auto& edition : candidates(parts.editions, past.at)) {
    auto text = billing::explain_claim_of({.facts = (*known)->facts,
                                           .programs = edition->programs,
                                           .claim = (*billed)->id.id,
                                           .at = past.at},
                                          present.facts, claim.id.id);
    if (!text) return text.error();
    if (!text->proves) continue;
    return {PastExplanation{.parameters = std::move(text->parameters),
                            .known = *std::move(known),
                            .claim = **std::move(billed),
                            .moment = {past.at, std::move(edition)}}};
  }
  return std::optional<PastExplanation>();
}

}  // namespace gateway::server
