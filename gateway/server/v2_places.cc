#include "server/v2_places.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "map/source_place.h"

namespace gateway::server {
namespace {

// Takes "name" or "name[2]" and the dot behind it off the front. Indexes begin
// with 0.
struct Step {
  std::string_view name;
  std::size_t index = 0;
};

Step take_step(std::string_view& path) {
  const auto end = std::min(path.find('.'), path.size());
  auto text = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  Step step;
  const auto bracket = std::min(text.find('['), text.size());
  step.name = text.substr(0, bracket);
  if (bracket < text.size()) {
    std::from_chars(text.data() + bracket + 1, text.data() + text.size(),
                    step.index);
  }
  return step;
}

// The member, or the one of an element that has one of several types:
// "performedPeriod" for "performed".
Json member_of(Json object, std::string_view name) {
  const Json exact = object.get(name);
  if (exact.exists()) return exact;
  for (const Json member : object) {
    const auto other = member.name();
    if (!name.empty() && other.size() > name.size() &&
        other.starts_with(name) && other[name.size()] >= 'A' &&
        other[name.size()] <= 'Z') {
      return member;
    }
  }
  return {};
}

// As far down as the path leads.
Json deepest(Json from, std::string_view path) {
  Json at = from;
  while (!path.empty()) {
    const auto step = take_step(path);
    Json next = member_of(at, step.name);
    if (next.is_array()) next = next.at(step.index);
    if (!next.exists()) break;
    at = next;
  }
  return at;
}

// An identifier is told by its value, not by its type or system.
Json number_in(Json node) {
  const Json one = node.is_array() ? node.first() : node;
  const bool is_identifier =
      node.name() == "identifier" || one.parent().name() == "identifier";
  const Json value = one.get("value");
  return is_identifier && value.exists() ? value : node;
}

bool is_resource(Json node) { return node.get("resourceType").exists(); }

}  // namespace

V2Places::V2Places(map::MapOutput output, JsonDocument tree)
    : output_(std::move(output)), tree_(std::move(tree)) {
  auto bundle = JsonDocument::parse(output_.bundle);
  if (bundle) bundle_ = std::make_unique<JsonDocument>(*std::move(bundle));
}

// The node that the path begins at; takes what names it off the path.
Json V2Places::start_of(std::string_view& path) const {
  auto rest = path;
  const auto first = take_step(rest);
  if (first.name == "Bundle") {
    const auto entry = take_step(rest);
    if (entry.name != "entry") return {};
    auto behind = rest;
    if (take_step(behind).name == "resource") rest = behind;
    path = rest;
    return bundle().get("entry").at(entry.index).get("resource");
  }
  path = rest;
  Json only;
  for (const Json entry : bundle().get("entry")) {
    const Json resource = entry.get("resource");
    if (resource.get("resourceType").text() != first.name) continue;
    if (only.exists()) return {};
    only = resource;
  }
  return only;
}

std::string V2Places::of(std::string_view expression) const {
  if (expression.empty()) return {};
  const Json start = start_of(expression);
  if (!start.exists()) return {};
  Json node = deepest(start, expression);
  if (is_resource(node)) node = node.get("identifier");
  node = number_in(node);
  if (!node.exists()) return {};
  const auto span = node.span();
  for (const auto& one : output_.lineage) {
    // Of a value below the node, or of the node with its name.
    const bool below = one.begin >= span.begin && one.end <= span.end;
    const bool itself = one.begin <= span.begin && one.end >= span.end;
    if (!below && !itself) continue;
    if (one.source.end <= one.source.begin) continue;
    auto place = map::source_path_at(tree_.root(), one.source);
    if (!place.empty()) return place;
  }
  return {};
}

fhir::Outcome V2Places::placed(const fhir::Outcome& outcome) const {
  fhir::Outcome all;
  for (auto finding : outcome.findings()) {
    auto place = of(finding.expression);
    if (!place.empty()) finding.expression = std::move(place);
    all.add(std::move(finding));
  }
  return all;
}

}  // namespace gateway::server
