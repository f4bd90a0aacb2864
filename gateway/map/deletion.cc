#include "map/deletion.h"

#include <algorithm>
#include <string_view>

#include "map/bundle_request.h"
#include "map/source_find.h"
#include "map/text_node.h"

namespace gateway::map {
namespace {

constexpr std::string_view kDelete = "\"\"";

bool deletes(const Expression& expression, const std::vector<Json>& scopes) {
  std::vector<Json> nodes;
  for (const auto& path : expression.paths()) {
    // Deeper ones are parts of a field that is looked at whole.
    if (path.scope >= scopes.size()) continue;
    find_nodes(path, scopes, nodes);
    if (path.component == 0) continue;
    auto field = path;  // "" there deletes all of it
    field.component = field.subcomponent = 0;
    find_nodes(field, scopes, nodes);
  }
  return std::any_of(nodes.begin(), nodes.end(), [](Json node) {
    return node.is_string() && node.text() == kDelete;
  });
}

bool deletes(const Rule& rule, const std::vector<Json>& scopes) {
  return deletes(rule.each, scopes) || deletes(rule.from, scopes) ||
         std::any_of(
             rule.members.begin(), rule.members.end(),
             [&scopes](const Rule& member) { return deletes(member, scopes); });
}

// Of these, what is sent as new may meet what was withdrawn or incomplete.
bool can_be_withdrawn(std::string_view type) {
  return type == "Procedure" || type == "ServiceRequest" ||
         type == "Appointment";
}

}  // namespace

void add_amendment(MapOutput& output, std::size_t entry, const Written& written,
                   const std::vector<Json>& scopes) {
  const auto& [emission, method, has_key, is_anew, defaulted] = written;
  if (updates(method) && has_key) {
    output.amendments.push_back(
        {entry, deleted_elements(emission.body, scopes), defaulted});
  } else if (method == Method::post && can_be_withdrawn(emission.type)) {
    output.amendments.push_back({entry, {}, {}, true, is_anew});
  }
}

std::vector<std::string> deleted_elements(const Rule& resource,
                                          const std::vector<Json>& scopes) {
  std::vector<std::string> deleted;
  // Most messages delete nothing.
  const std::string_view source = scopes.front().document()->source();
  if (source.find(kDelete) == std::string_view::npos) return deleted;
  for (const auto& member : resource.members) {
    if (deletes(member, scopes)) deleted.push_back(member.member);
  }
  return deleted;
}

}  // namespace gateway::map
