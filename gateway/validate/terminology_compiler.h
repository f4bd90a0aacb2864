// TerminologyCompiler turns CodeSystems and ValueSets into rows: every code
// that is known once, every value set as the list of its codes. What cannot be
// listed (SNOMED CT, LOINC and others that we do not hold) is marked so, and
// is never taken for a yes.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "fhir/definition_set.h"
#include "fhir/definitions_writer.h"
#include "fhir/outcome.h"

namespace gateway::validate {

// The codes of one system within a value set.
struct SystemCodes {
  bool is_whole = false;      // all codes of a complete system
  bool is_unchecked = false;  // and codes that we cannot list
  std::set<std::uint32_t> codes;
};
using Expansion = std::map<std::uint32_t, SystemCodes>;  // by system

class TerminologyCompiler {
 public:
  TerminologyCompiler(fhir::DefinitionsWriter& writer,
                      const fhir::DefinitionSet& definitions,
                      fhir::Outcome& outcome)
      : writer_(writer), definitions_(definitions), outcome_(outcome) {}

  void compile();

 private:
  void add_system(Json code_system);
  void add_concepts(Json concepts, std::uint32_t system, std::uint32_t parent);
  void recall(std::uint32_t system);
  void recall_concepts(Json concepts, std::uint32_t system);
  void add_value_set(Json value_set);
  const Expansion& expansion(Json value_set);
  std::optional<Expansion> expansion_of(Json canonical);
  Expansion base_expansion(std::uint32_t value_set) const;
  Expansion composed(Json compose, std::string_view url);
  Expansion included(Json include, std::string_view url);
  Expansion listed(Json contains);
  SystemCodes system_codes(Json include, std::uint32_t system);
  SystemCodes whole(std::uint32_t system) const;
  bool filter(Json filter, std::uint32_t system, SystemCodes& codes);
  void note_children(std::uint32_t code, std::uint32_t system);
  [[nodiscard]] bool is_below(std::uint32_t code, std::uint32_t ancestor,
                              int depth = 0) const;
  [[nodiscard]] bool has_property(std::uint32_t code, Json filter) const;
  std::uint32_t system_row(std::string_view url);
  void write(Json value_set, const Expansion& expansion);
  void count(const Expansion& expansion);
  void report_too_large(Json place, std::string_view url);
  void report(std::string_view rule, Json place, std::string_view url,
              std::string text);

  fhir::DefinitionsWriter& writer_;
  const fhir::DefinitionSet& definitions_;
  fhir::Outcome& outcome_;
  std::unordered_map<std::string, Expansion> done_;
  std::set<std::string> open_;        // being expanded: a repeat is a circle
  std::size_t expanded_ = 0;          // codes looked at
  std::set<std::uint32_t> recalled_;  // systems of the base
  std::vector<SharedDocument> sources_;
  std::unordered_map<std::uint32_t, Json> concepts_;
  std::unordered_multimap<std::uint32_t, std::uint32_t> more_parents_;
};

}  // namespace gateway::validate
