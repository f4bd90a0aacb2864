// Rules that FHIR states in words rather than in definitions: of Bundles, of
// data types, of definitions as data.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/json.h"
#include "fhir/definitions.h"
#include "validate/findings.h"
#include "validate/references.h"
#include "validate/scope.h"

namespace gateway::validate {

// How strict the answer is where FHIR's words leave room.
enum class Rigor : std::uint8_t {
  intake,     // data of others, to be worked with if they can be
  reference,  // as the reference validator judges
};

struct RuleOptions {
  Rigor rigor = Rigor::intake;
  bool example_urls_allowed = true;
  bool checks_security = false;  // texts that look like markup
  bool checks_targets = false;   // references must lead somewhere
  bool checks_contained = true;
  bool experimental_allowed = true;  // definitions marked as experimental
  // "bundled" and the like bind a resource that comes without a Bundle too.
  bool aggregation_outside_bundles = false;
  std::optional<LocalDate> today;           // bounds by duration count from it
  bool checks_profiles_of_targets = false;  // and so all must be at hand
};

class Rules {
 public:
  // Which rule is for which type: made once for all validations.
  class Table {
   public:
    explicit Table(const fhir::Definitions& definitions);

   private:
    friend class Rules;
    void mark_codes(const fhir::Definitions& definitions);
    using Rule = void (Rules::*)(Json node, const Scope& scope);
    struct TypeRule {
      std::uint32_t shape;
      Rule rule;
    };
    std::vector<TypeRule> of_values_;
    enum Trait : std::uint8_t {
      has_rule,
      is_coded,  // a Coding, or a Quantity of whatever kind
      is_bound,  // the type itself binds its codes
      trait_count
    };
    [[nodiscard]] bool has(std::uint32_t shape, Trait trait) const {
      return traits_[std::size_t{shape} * trait_count + trait];
    }
    void mark(std::uint32_t shape, Trait trait) {
      traits_[std::size_t{shape} * trait_count + trait] = true;
    }
    std::vector<bool> traits_;  // of each shape
    std::vector<TypeRule> of_resources_;
    std::uint32_t string_;
    std::uint32_t markdown_;
  };

  Rules(const fhir::Definitions& definitions, Findings& findings,
        References& references, const RuleOptions& options, const Table& table)
      : definitions_(definitions),
        findings_(findings),
        references_(references),
        options_(options),
        table_(table) {}

  [[nodiscard]] Rigor rigor() const { return options_.rigor; }
  [[nodiscard]] bool checks_targets() const { return options_.checks_targets; }

  [[nodiscard]] bool is_coded(std::uint32_t shape) const {
    return table_.has(shape, Table::is_coded);
  }
  [[nodiscard]] bool is_bound(std::uint32_t shape) const {
    return table_.has(shape, Table::is_bound);
  }

  // A value, after its own members.
  void value(Json node, std::uint32_t shape, const Scope& scope);
  // A resource, after its members. `has_ids`: some of its elements have ids.
  void resource(Json node, std::uint32_t shape, const Scope& scope,
                bool has_ids);

 private:
  // data_type_rules.cc
  void attachment(Json node, const Scope& scope);
  void identifier(Json node, const Scope& scope);
  void canonical(Json node, const Scope& scope);
  void uri(Json node, const Scope& scope);
  void text(Json node, const Scope& scope);
  void narrative_links(Json resource);
  void own_url(Json resource);
  void experimental(Json resource);
  void unique_ids(Json resource);

  // bundle_rules.cc
  void bundle(Json node, const Scope& scope);
  void bundle_links(Json bundle);
  void entry_url(Json entry, bool is_needed);
  void relative_references(Json entry);
  void document(Json bundle);
  Json bundled(std::string_view reference, const Scope& scope);
  void reachable(Json bundle, const std::vector<Json>& resources);

  // definition_rules.cc
  void search_parameter(Json node, const Scope& scope);
  void capability_statement(Json node, const Scope& scope);
  void code_system(Json node, const Scope& scope);
  void standard_properties(Json code_system);
  void concept_properties(
      Json concepts, const std::map<std::string_view, std::string_view>& types);
  void supplemented(Json code_system);
  void value_set(Json node, const Scope& scope);
  void concept_map(Json node, const Scope& scope);
  void structure(Json node, const Scope& scope);
  void questionnaire_response(Json node, const Scope& scope);
  // The definition of that URL as JSON; absent if it is not loaded.
  Json source(std::string_view url);

  // measure_rules.cc
  void measure(Json node, const Scope& scope);
  void criteria(Json expression, const std::vector<Json>& libraries);
  void measure_report(Json node, const Scope& scope);
  void report_groups(Json report, Json measure);
  void populations(Json report_group, Json defined_group);

  void wrong(Json place, std::string_view rule, std::string text,
             std::string wanted = {});
  // What others' data often break, and what harms nobody.
  void lax(Json place, std::string_view rule, std::string text,
           std::string wanted = {});

  const fhir::Definitions& definitions_;
  Findings& findings_;
  References& references_;
  const RuleOptions& options_;
  const Table& table_;
  std::vector<SharedDocument> sources_;
};

}  // namespace gateway::validate
