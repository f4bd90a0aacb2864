#include "billing/claim_proof.h"

#include <algorithm>
#include <set>
#include <utility>

#include "billing/claim_plans.h"
#include "billing/decide.h"
#include "episode/read.h"

namespace gateway::billing {
namespace {

using episode::Emitted;

class Prover {
 public:
  Prover(const episode::Case& facts, const program::Programs& programs,
         const ProofRequest& asked)
      : facts_(facts),
        asked_(asked),
        plan_(decide(facts, programs, asked.now)),
        emission_{
            .maps = asked.maps,
            .base = programs.site().canonical_base,
            .owner = asked.owner,
            .device = programs.site().device,
            .now = asked.now,
            .resolve = [this](std::string_view key) { return resolve(key); }} {
    for (const auto& [reference, one] : facts_.emitted()) {
      if (one.type != "Claim") by_key_.emplace(one.key, &one);
    }
  }

  Result<std::vector<ProvenBody>> prove(const Emitted& claim) {
    const auto* planned = plan_of(claim);
    if (planned == nullptr || claim.frequency == "8") return std::move(all_);
    if (auto done = add_claim(*planned, claim); !done) return done.error();
    for (const auto* visit : planned->visits) {
      const auto encounter = by_key_.find(visit->key);
      if (encounter == by_key_.end()) continue;
      if (auto done = add_encounter(*visit, *encounter->second); !done) {
        return done.error();
      }
    }
    return std::move(all_);
  }

 private:
  [[nodiscard]] std::string resolve(std::string_view key) const {
    if (!key.starts_with('@')) return std::string(key);
    const auto found = by_key_.find(key.substr(1));
    return found == by_key_.end() ? std::string() : found->second->source.key;
  }

  [[nodiscard]] const ClaimPlan* plan_of(const Emitted& claim) const {
    const auto key = claim.key.substr(0, claim.key.rfind('#'));
    const auto found =
        std::find_if(plan_.claims.begin(), plan_.claims.end(),
                     [&](const ClaimPlan& one) { return one.key == key; });
    return found == plan_.claims.end() ? nullptr : &*found;
  }

  // What only the emitted claim knows, as it says it.
  [[nodiscard]] static ClaimBody body_of(const Emitted& claim) {
    ClaimBody body{.id = claim.id,
                   .key = claim.key,
                   .status = claim.status,
                   .frequency = claim.frequency,
                   .prior = claim.prior,
                   .payer_number = {},
                   .created = claim.stamp};
    const auto document = JsonDocument::parse(claim.body);
    if (!document) return body;
    for (const Json one : document->root().get("related")) {
      if (!one.get("claim").exists()) continue;
      body.payer_number = one.find("reference.value").text();
    }
    return body;
  }

  Status add_claim(const ClaimPlan& claim, const Emitted& emitted) {
    return add(emitted, map::kBill, inputs_of(claim),
               [&] { return claim_json(claim, body_of(emitted), emission_); });
  }

  Status add_encounter(const Visit& visit, const Emitted& emitted) {
    return add(emitted, map::kVisit, visit.inputs, [&] {
      return encounter_json(visit, {.id = emitted.id, .status = emitted.status},
                            emission_);
    });
  }

  template <typename Make>
  Status add(const Emitted& emitted, const map::DocumentType& source,
             std::vector<std::string> inputs, const Make& make) {
    const auto* made_by = asked_.maps.library->for_document(source);
    if (made_by == nullptr) return Done{};
    auto& one = all_.emplace_back();
    emission_.proof = &one.proof;
    const auto text = make();
    emission_.proof = nullptr;
    if (!text) return text.error();
    one.reference = emitted.source.versioned();
    one.map = map::identity_of(*made_by);
    one.inputs = std::move(inputs);
    one.body = emitted.body;
    return Done{};
  }

  const episode::Case& facts_;
  const ProofRequest& asked_;
  const Plan plan_;
  Emission emission_;
  std::map<std::string, const Emitted*, std::less<>> by_key_;
  std::vector<ProvenBody> all_;
};

}  // namespace

Result<std::vector<ProvenBody>> prove_claim(const episode::Case& facts,
                                            const program::Programs& programs,
                                            const ProofRequest& asked) {
  const auto claim = facts.emitted().find("Claim/" + asked.claim);
  if (claim == facts.emitted().end()) return std::vector<ProvenBody>();
  return Prover(facts, programs, asked).prove(claim->second);
}

}  // namespace gateway::billing
