// ElementDefinition is one element of a StructureDefinition, read from JSON.
// It views the document that it was read from.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "fhir/definition_rows.h"

namespace gateway::fhir {

struct ElementType {
  std::string_view code;  // "string", also for http://hl7.org/fhirpath/...
  std::vector<std::string_view> profiles;
  std::vector<std::string_view> targets;
  std::uint32_t aggregation = 0;  // bits of TypeRow::flags
};

struct ElementConstraint {
  std::string_view key;
  std::string_view human;
  std::string_view expression;
  std::string_view source;
  bool is_warning = false;
  bool is_best_practice = false;
};

struct ElementBinding {
  BindingStrength strength = BindingStrength::none;
  std::string_view value_set;
  std::string_view max_value_set;
};

struct ElementDiscriminator {
  DiscriminatorType type = DiscriminatorType::value;
  std::string_view path;
};

struct ElementSlicing {
  SlicingRules rules = SlicingRules::none;
  bool is_ordered = false;
  std::vector<ElementDiscriminator> discriminators;
};

struct ElementDefinition {
  std::string_view id;
  std::string_view path;
  std::string_view slice_name;
  std::string_view content_reference;  // behind the '#'
  std::uint32_t min = 0;
  std::uint32_t max = kUnbounded;
  std::string_view base_path;
  std::uint32_t base_min = 0;
  std::uint32_t base_max = kUnbounded;
  std::vector<ElementType> types;
  std::vector<ElementConstraint> constraints;
  ElementBinding binding;
  ElementSlicing slicing;
  Json fixed;
  Json pattern;
  Json min_value;
  Json max_value;
  std::uint32_t max_length = kNone;
  bool is_modifier = false;
  bool must_support = false;

  // The last step of the path: "value[x]".
  [[nodiscard]] std::string_view name() const;
  [[nodiscard]] bool is_choice() const { return path.ends_with("[x]"); }
};

ElementDefinition read_element(Json element);
// Of the snapshot; empty if there is none.
std::vector<ElementDefinition> snapshot_elements(Json structure_definition);

// "name" + "string": "nameString", as choices are written.
std::string choice_name(std::string_view name, std::string_view type);

// The member whose name begins with `prefix`, as fixed[x] has one. `suffix`
// gets the rest of the name.
Json member_with_prefix(Json object, std::string_view prefix,
                        std::string_view* suffix = nullptr);

// The extension of that URL, or absent.
Json extension_of(Json object, std::string_view url);

}  // namespace gateway::fhir
