// Bundles: addresses of entries, links, documents.
// https://hl7.org/fhir/R4/bundle.html

#include <algorithm>
#include <string>
#include <unordered_map>

#include "validate/rules.h"

namespace gateway::validate {
namespace {

bool is_absolute(std::string_view url) {
  const auto colon = url.find(':');
  return colon != std::string_view::npos &&
         url.substr(0, colon).find('/') == std::string_view::npos;
}

bool keeps_entries(std::string_view type) {
  return type != "transaction" && type != "batch" &&
         type != "transaction-response" && type != "batch-response";
}

}  // namespace

void Rules::bundle(Json node, const Scope&) {
  bundle_links(node);
  const auto type = node.get("type").text();
  for (const Json entry : node.get(definitions_.names.entry)) {
    entry_url(entry,
              keeps_entries(type) && type != "searchset" && type != "history");
    if (options_.rigor == Rigor::reference && !type.ends_with("-response")) {
      relative_references(entry);
    }
  }
  if (type == "document" || type == "message") document(node);
}

void Rules::bundle_links(Json bundle) {
  std::vector<std::string_view> seen;
  for (const Json link : bundle.get("link")) {
    const auto relation = link.get("relation").text();
    if (std::find(seen.begin(), seen.end(), relation) != seen.end()) {
      wrong(link, "bundle/link", "this relation can have one link only",
            "one link of each relation");
    }
    seen.push_back(relation);
  }
}

void Rules::entry_url(Json entry, bool is_needed) {
  const auto& names = definitions_.names;
  const Json url = entry.get(names.full_url);
  const Json resource = entry.get(names.resource);
  if (!url.is_string()) {
    if (is_needed && resource.exists()) {
      wrong(entry, "bundle/full-url", "an entry of this Bundle needs a fullUrl",
            "the absolute URL of the resource");
    }
    return;
  }
  if (!is_absolute(url.text())) {
    wrong(entry, "bundle/full-url", "a fullUrl must be absolute",
          "an absolute URL or urn:uuid:");
    return;
  }
  const auto type = literal_type(url.text());
  if (!resource.exists() || type.empty() ||
      definitions_.type_named(type) == fhir::kNone) {
    return;
  }
  const auto own = std::string(resource.get(names.resource_type).text()) + '/' +
                   std::string(resource.get(names.id).text());
  if (!resource.get(names.id).exists()) {
    if (keeps_entries(entry.parent().parent().get("type").text())) {
      lax(entry, "bundle/full-url",
          "the fullUrl names an id, and the resource has none",
          "the id that the fullUrl ends with");
    }
  } else if (!url.text().ends_with('/' + own)) {
    lax(entry, "bundle/full-url",
        "the fullUrl ends with another type or id than the resource has", own);
  }
}

// A relative reference counts from the fullUrl of its entry.
void Rules::relative_references(Json entry) {
  const auto& names = definitions_.names;
  if (entry.get(names.full_url).exists()) return;
  const auto visit = [&](const auto& self, Json node) -> bool {
    const auto reference = node.get(names.reference).text();
    if (!reference.starts_with('#') && !is_absolute(reference) &&
        !literal_type(reference).empty()) {
      return true;
    }
    for (const Json child : node) {
      if (child.size() > 0 && self(self, child)) return true;
    }
    return false;
  };
  if (!visit(visit, entry.get(names.resource))) return;
  wrong(entry, "bundle/full-url",
        "the entry has relative references, and no fullUrl from which they "
        "count",
        "the absolute URL of the resource");
}

// What a reference means among the entries. A fullUrl gives relative
// references a base only if it ends with the type and the id of its resource.
Json Rules::bundled(std::string_view reference, const Scope& scope) {
  const bool is_relative = !is_absolute(reference) &&
                           !reference.starts_with('#') &&
                           !reference.starts_with("urn:");
  const auto full_url = scope.entry.get(definitions_.names.full_url).text();
  if (is_relative && !literal_type(full_url).empty() &&
      !scope.resource.get(definitions_.names.id).exists()) {
    return {};
  }
  return references_.resolve(reference, scope);
}

// What a document or message refers to by a relative reference or a urn must
// be in it, and all of a document hangs together.
void Rules::document(Json bundle) {
  const auto& names = definitions_.names;
  std::vector<Json> resources;
  for (const Json entry : bundle.get(names.entry)) {
    const Json resource = entry.get(names.resource);
    resources.push_back(resource);
    Scope scope;
    scope.resource = scope.root = resource;
    scope.entry = entry;
    scope.bundle = bundle;
    const auto visit = [&](const auto& self, Json node) -> void {
      const Json reference = node.get(names.reference);
      if (reference.is_string()) {
        const auto text = reference.text();
        const bool must_be_here =
            text.starts_with("urn:") ||
            (!is_absolute(text) && !text.starts_with('#') &&
             !literal_type(text).empty());
        if (must_be_here && !bundled(text, scope).exists()) {
          wrong(node, "bundle/unresolved",
                "the Bundle does not hold what this refers to",
                "an entry with the fullUrl that the reference means");
        }
      }
      for (const Json child : node) {
        if (child.size() > 0) self(self, child);
      }
    };
    if (options_.rigor == Rigor::reference) visit(visit, resource);
  }
  const bool is_document = bundle.get("type").text() == "document";
  if (is_document && options_.rigor == Rigor::reference) {
    reachable(bundle, resources);
  }
}

void Rules::reachable(Json bundle, const std::vector<Json>& resources) {
  const auto& names = definitions_.names;
  std::vector<std::vector<std::size_t>> links(resources.size());
  std::unordered_map<std::uint32_t, std::size_t> places;
  for (const Json resource : resources) {
    places.try_emplace(resource.index(), places.size());
  }
  std::size_t index = 0;
  for (const Json entry : bundle.get(names.entry)) {
    Scope scope;
    scope.resource = scope.root = resources[index];
    scope.entry = entry;
    scope.bundle = bundle;
    const auto visit = [&](const auto& self, Json node) -> void {
      const Json reference = node.get(names.reference);
      const Json target =
          reference.is_string() ? bundled(reference.text(), scope) : Json();
      const auto place =
          target.exists() ? places.find(target.index()) : places.end();
      if (place != places.end()) {
        const auto other = place->second;
        links[index].push_back(other);
        links[other].push_back(index);
      }
      for (const Json child : node) {
        if (child.size() > 0) self(self, child);
      }
    };
    visit(visit, resources[index]);
    ++index;
  }
  std::vector<bool> reached(resources.size());
  std::vector<std::size_t> open;
  if (!resources.empty()) open.push_back(0);
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    if (reached[at]) continue;
    reached[at] = true;
    open.insert(open.end(), links[at].begin(), links[at].end());
  }
  index = 0;
  for (const Json entry : bundle.get(names.entry)) {
    if (reached[index++]) continue;
    wrong(entry, "bundle/unreachable",
          "no reference leads from the Composition to this entry, or back",
          "a reference");
  }
}

}  // namespace gateway::validate
