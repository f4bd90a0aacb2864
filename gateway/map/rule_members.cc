#include "map/rule_members.h"

#include <algorithm>

#include "map/suggestion.h"

namespace gateway::map {
namespace {

constexpr int kDeepestPart = 8;

RuleMembers merged(const Yaml& node, const Parts& parts, int depth,
                   std::vector<MapProblem>& problems) {
  const auto problem = [&problems](LintRule rule, const Yaml& at,
                                   std::string text) {
    problems.push_back({rule, at.place(), std::move(text)});
  };
  RuleMembers all;
  if (const auto use = node.get("$use"); use.exists()) {
    const auto part = parts.find(use.scalar());
    if (part == parts.end()) {
      std::vector<std::string_view> names;
      for (const auto& [name, unused] : parts) names.push_back(name);
      problem(LintRule::unknown_name, use,
              "there is no part \"" + use.scalar() + "\"" +
                  suggestion(use.scalar(), names));
    } else if (depth >= kDeepestPart) {
      problem(LintRule::shape, use, "parts use each other without end");
    } else {
      all = merged(part->second, parts, depth + 1, problems);
    }
  }
  for (const auto& [key, value] : node.members()) {
    const auto it =
        std::find_if(all.begin(), all.end(), [&key = key](const auto& member) {
          return member.first == key.scalar();
        });
    if (value.kind() == Yaml::Kind::null) {  // takes the part's member away
      if (it != all.end()) {
        all.erase(it);
      } else {
        problem(LintRule::incomplete, key,
                "\"" + key.scalar() +
                    "\" has no value, and no part's to take away");
      }
    } else if (it == all.end()) {
      all.emplace_back(key.scalar(), std::pair(key, value));
    } else {
      it->second = {key, value};
    }
  }
  return all;
}

}  // namespace

const Yaml* find(const RuleMembers& members, std::string_view key) {
  for (const auto& [name, nodes] : members) {
    if (name == key) return &nodes.second;
  }
  return nullptr;
}

RuleMembers merged_members(const Yaml& node, const Parts& parts,
                           std::vector<MapProblem>& problems) {
  return merged(node, parts, 0, problems);
}

}  // namespace gateway::map
