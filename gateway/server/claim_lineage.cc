#include "server/claim_lineage.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "billing/claim_proof.h"
#include "map/map_trace.h"
#include "server/lineage.h"

namespace gateway::server {
namespace {

constexpr std::string_view kRoot = "%resource.";
constexpr std::string_view kLines = "lines[";

bool made_it(const map::MapSet& maps, std::string_view identity) {
  const auto* bill = maps.library->for_document(map::kBill);
  return bill != nullptr && map::identity_of(*bill) == identity;
}

// The maps that made the claim: of the edition in force, or of an earlier one.
map::SharedMapSet maps_of(const store::StoredResource& claim,
                          const Editions& editions) {
  const auto document = JsonDocument::parse(claim.body);
  if (!document) return nullptr;
  const auto source = document->root().find("meta.source").text();
  constexpr std::string_view kBefore = "/map/";
  const auto at = source.find(kBefore);
  if (at == std::string_view::npos) return nullptr;
  const auto identity = source.substr(at + kBefore.size());
  const auto state = editions.state();
  if (made_it(*state.current->maps, identity)) return state.current->maps;
  for (const auto& edition : state.earlier) {
    if (made_it(*edition->maps, identity)) return edition->maps;
  }
  return nullptr;
}

// "item" of "Claim.item[0].net.value".
std::string_view member_of(std::string_view element) {
  const auto begin = std::min(element.find('.'), element.size() - 1) + 1;
  const auto end = std::min(element.find_first_of(".[", begin), element.size());
  return element.substr(begin, end - begin);
}

// The rule by which the line of a bill came about that bears the field.
std::string_view rule_of(Json bill, std::string_view field) {
  if (!field.starts_with(kLines)) return {};
  std::size_t index = 0;
  for (const char digit : field.substr(kLines.size())) {
    if (digit < '0' || digit > '9') break;
    index = index * 10 + static_cast<std::size_t>(digit - '0');
  }
  const auto lines = bill.get("lines");
  if (index >= lines.size()) return {};
  return lines.at(index).get("rule").text();
}

void write_value(JsonWriter& out, const map::TraceLine& value, Json bill) {
  std::string_view field = value.source;
  if (field.starts_with(kRoot)) field.remove_prefix(kRoot.size());
  out.begin_object().member("name", "value").key("part").begin_array();
  write_text(out, "element", value.result);
  write_text(out, "field", field);
  write_text(out, "line", value.rule);
  write_text(out, "rule", rule_of(bill, field));
  out.end_array().end_object();
}

void write_values(JsonWriter& out, const billing::ProvenBody& body,
                  const map::MapLibrary& library) {
  const auto bill = JsonDocument::parse(body.proof.source);
  const auto bundle = JsonDocument::parse(body.proof.output.bundle);
  const auto emitted = JsonDocument::parse(body.body);
  if (!bill || !bundle || !emitted) return;
  const auto resource = bundle->root().get("entry").first().get("resource");
  for (const auto& value :
       map::trace(library, body.proof.output, bill->root())) {
    const auto member = member_of(value.result);
    const bool same =
        resource.get(member).raw() == emitted->root().get(member).raw();
    if (same) write_value(out, value, bill->root());
  }
}

void write_reference(JsonWriter& out, std::string_view name,
                     std::string_view reference) {
  out.begin_object().member("name", name).key("valueReference");
  out.begin_object().member("reference", reference).end_object();
  out.end_object();
}

}  // namespace

std::string with_claim_lineage(const std::string& parameters,
                               const ExplainedClaim& explained,
                               const Parts& parts) {
  const auto maps = maps_of(explained.claim, parts.editions);
  if (maps == nullptr) return parameters;
  const auto bodies =
      billing::prove_claim(explained.facts, explained.moment.edition->programs,
                           {.maps = *maps,
                            .owner = explained.claim.owner,
                            .claim = explained.claim.id.id,
                            .now = explained.moment.now});
  if (!bodies) return parameters;
  JsonWriter out;
  out.begin_array();
  for (const auto& body : *bodies) {
    out.begin_object().member("name", "lineage").key("part").begin_array();
    write_reference(out, "output", body.reference);
    write_text(out, "map", body.map);
    for (const auto& input : body.inputs) write_reference(out, "input", input);
    write_values(out, body, *maps->library);
    out.end_array().end_object();
  }
  return with_parameters(parameters, out.end_array().take());
}

}  // namespace gateway::server
