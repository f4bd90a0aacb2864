// The rules that maps are held to when they are loaded. Tools that read
// problems of maps (editors, code review) know them by their ids.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gateway::map {

enum class LintRule : std::uint8_t {
  syntax,
  shape,
  incomplete,
  duplicate,
  unknown_key,
  unknown_name,
  source,
  expression,
  element,
  cardinality,
  type,
  code,
  required,
  remedy,
  reference,
  setting,
  outward,
  no_map
};

struct LintRuleRow {
  LintRule rule;
  std::string_view id;    // "map/unknown-element"
  std::string_view text;  // what is wrong, in one sentence
  std::string_view help;  // what to do
};

// All of them, in the order of the enumeration.
std::span<const LintRuleRow> lint_rules();

std::string_view id_of(LintRule rule);

}  // namespace gateway::map
