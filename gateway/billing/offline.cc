#include "billing/offline.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json_writer.h"
#include "billing/decide.h"
#include "billing/explain.h"
#include "billing/intake.h"
#include "billing/reconcile.h"
#include "episode/elements.h"
#include "fhir/outcome.h"

namespace gateway::billing {
namespace {

// Every text that refers to something, and the newest instant, of a Bundle.
struct Scan {
  std::set<std::string> references;
  std::optional<Instant> newest;
};

void scan(Json node, std::string_view base, Scan& found) {
  for (const Json child : node) {
    if (child.is_object() || child.is_array()) {
      scan(child, base, found);
      continue;
    }
    if (!child.is_string()) continue;
    if (child.name() == "reference") {
      found.references.insert(episode::key_of(child.text(), base));
      continue;
    }
    const auto instant = episode::instant_in(child);
    if (!instant) continue;
    if (!found.newest || *found.newest < *instant) found.newest = instant;
  }
}

// The name by which the Bundle itself refers to an entry.
std::string key_of_entry(Json entry, const Scan& found, std::size_t position) {
  const auto full_url = std::string(entry.get("fullUrl").text());
  const auto resource = entry.get("resource");
  const auto type = std::string(resource.get("resourceType").text());
  const auto id = resource.get("id").text();
  const auto relative = type + "/" + std::string(id);
  if (!id.empty() && found.references.contains(relative)) return relative;
  const auto slash = full_url.rfind('/');
  if (slash != std::string::npos) {
    const auto tail = type + full_url.substr(slash);
    if (full_url.ends_with("/" + tail) && found.references.contains(tail)) {
      return tail;
    }
  }
  if (!full_url.empty()) return full_url;
  if (!id.empty()) return relative;
  return type + "/entry-" + std::to_string(position);
}

// What is only warned of at intake has no Task that would show it.
std::string warnings_json(const Plan& plan, std::string_view base) {
  fhir::Outcome outcome;
  for (auto& one : intake_warnings(plan)) outcome.add(std::move(one.finding));
  if (outcome.findings().empty()) return {};
  return fhir::to_operation_outcome(outcome, base);
}

std::string bundle_json(const Changes& changes, const std::string& warnings) {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "Bundle")
      .member("type", "collection")
      .key("entry")
      .begin_array();
  for (const auto& change : changes.resources) {
    if (change.id.type == "Provenance") continue;
    out.begin_object().key("resource").raw(change.body).end_object();
  }
  if (!warnings.empty()) {
    out.begin_object().key("resource").raw(warnings).end_object();
  }
  return out.end_array().end_object().take();
}

// The emitted claims explain themselves only within a case that knows them.
Status explain_all(episode::Case& facts, const program::Programs& programs,
                   const Changes& changes, Instant now, OfflineBill& bill) {
  std::vector<JsonDocument> documents;
  documents.reserve(changes.resources.size());
  for (const auto& change : changes.resources) {
    if (change.id.type != "Claim") continue;
    auto document = JsonDocument::parse(change.body);
    if (!document) return document.error();
    documents.push_back(*std::move(document));
    facts.apply(documents.back().root(), {change.id.text(), 1, now});
    auto proof = explain_claim(facts, programs, change.id.id, now);
    if (!proof) return proof.error();
    bill.proofs.push_back(std::move(proof->parameters));
  }
  return Done{};
}

}  // namespace

Result<OfflineBill> bill_bundle(const JsonDocument& bundle,
                                const program::Programs& programs,
                                const map::MapSet& maps,
                                const OfflineOptions& options) {
  const auto root = bundle.root();
  if (root.get("resourceType").text() != "Bundle") {
    return Error{ErrorCode::invalid, "a Bundle is wanted"};
  }
  const auto& base = programs.site().canonical_base;
  Scan found;
  scan(root.get("entry"), base, found);
  const auto now =
      options.as_of ? *options.as_of : found.newest.value_or(Instant());
  episode::Case facts(base);
  facts.stand_in(programs.zone());
  facts.keep(programs.resource_types());
  std::size_t position = 0;
  for (const Json entry : root.get("entry")) {
    const auto resource = entry.get("resource");
    if (!resource.exists()) continue;
    const auto key = key_of_entry(entry, found, position++);
    facts.apply(resource, {key, 0, now});
    if (options.learn) options.learn(key, resource, now);
  }
  int minted = 0;
  auto plan = decide(facts, programs, now);
  if (options.amend) options.amend(plan);
  const auto warnings = warnings_json(plan, base);
  const auto changes = reconcile(
      plan, facts, programs,
      {.maps = maps, .owner = "offline", .now = now, .posted = Posted()},
      [&minted] { return "out-" + std::to_string(++minted); });
  if (changes.fault) return *changes.fault;
  OfflineBill bill{bundle_json(changes, warnings), {}};
  if (options.explain) {
    const auto explained = explain_all(facts, programs, changes, now, bill);
    if (!explained) return explained.error();
  }
  return bill;
}

}  // namespace gateway::billing
