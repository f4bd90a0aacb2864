// Knobs are the settings of a policy pack: what the sources contradict each
// other about. The table says which there are, of what kind, and in what range.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"

namespace gateway::program {

enum class KnobKind : std::uint8_t { number, truth, choice, text, list, table };

// CPT, or HCPCS level II: five characters, of which the middle are digits.
bool is_procedure_code(std::string_view text);
// Dollars and cents above zero, as "210.00".
bool is_price(std::string_view text);

struct KnobEntry {
  std::string_view name;
  KnobKind kind;
  // Of a choice, or the keys of a table; with blanks between. Without: any.
  std::string_view choices;
  std::int64_t least = 0;  // of a number
  std::int64_t most = 0;
  std::string_view effect = {};
  // Documents the source and decides nothing.
  bool informational = false;
};
const KnobEntry* knob_named(std::string_view name);
const std::vector<KnobEntry>& knob_table();

struct Knob {
  std::string text;              // scalar as written
  std::int64_t thousandths = 0;  // of a number; 0 or 1000 of a truth value
  std::vector<std::string> list;
  std::map<std::string, std::string> table;
  std::string source;
  std::string place;  // file:line:column of its value; empty: of a site
  // Whether the pack says another value for work hardening.
  bool by_program = false;
  bool verified = true;
  // Keys of a table that no source verifies, where it verifies the others.
  std::set<std::string, std::less<>> unverified;
};
using Knobs = std::map<std::string, Knob, std::less<>>;

// Of a pack's `knobs`: {value, work-hardening, source, verified, unverified},
// or the bare value; with `hardening`, as it is for work hardening.
Result<Knob> read_knob(std::string_view name, const Yaml& yaml,
                       bool hardening = false);
// As a site writes it: a scalar, lists and tables separated by commas.
Result<Knob> parse_knob(std::string_view name, std::string_view value);
// The same for what a site or a command sets: a knob, or "gate.ROW". Whether a
// pack has the row is known where its rows are.
Status check_override(const std::string& name, std::string_view value);

}  // namespace gateway::program
