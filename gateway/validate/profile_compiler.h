// ProfileCompiler turns the snapshots of StructureDefinitions into rows.
//
// A type keeps everything that its definition says; a profile keeps only what
// its type does not say already, so that checking a profile costs what the
// profile adds.

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/json.h"
#include "fhir/definitions_writer.h"
#include "fhir/element_tree.h"

namespace gateway::validate {

class ProfileCompiler {
 public:
  // Value sets and code systems must be in `writer` already.
  explicit ProfileCompiler(fhir::DefinitionsWriter& writer);

  // Allots the rows, so that definitions may name each other in any order.
  void declare(Json definition);
  // REQUIRES: declared, as are all that it names; types before profiles; it
  // has a snapshot.
  void compile(Json definition);

 private:
  // What is known about one definition while it is compiled.
  struct Work {
    std::string_view url;
    std::string_view name;
    bool is_profile = false;
    std::unordered_map<const fhir::ElementNode*, std::uint32_t> shapes;
    std::unordered_map<std::string, std::uint32_t> by_id;
  };

  std::uint32_t declare_shape(Json definition);
  void allot(const fhir::ElementNode& node, Work& work);
  void fill(std::uint32_t shape, const fhir::ElementNode& node, Work& work);
  fhir::ElementRow row_of(const fhir::ElementNode& node, Work& work);
  void add_slices(const fhir::ElementNode& node, Work& work,
                  fhir::ElementRow& row);
  void add_types(const fhir::ElementDefinition& element, const Work& work,
                 fhir::ElementRow& row);
  fhir::TypeRow type_row(const fhir::ElementDefinition& element,
                         const fhir::ElementType& type, const Work& work);
  fhir::Range target_rows(const std::vector<std::string_view>& urls);
  fhir::Range constraint_rows(const fhir::ElementDefinition& element,
                              const Work& work, bool is_root);
  void add_binding(const fhir::ElementDefinition& element,
                   fhir::ElementRow& row);
  void add_values(const fhir::ElementDefinition& element,
                  fhir::ElementRow& row);
  void keep_what_differs(const fhir::ElementNode& node, fhir::ElementRow& row);
  [[nodiscard]] bool has_rules(const fhir::ElementRow& row) const;
  std::uint32_t literal(Json value);
  void append_literal(Json value, std::vector<fhir::LiteralRow>& rows);
  void add_contexts(Json definition, fhir::ShapeRow& shape);
  // The element of a type that a path as "Patient.contact.name" means.
  [[nodiscard]] const fhir::ElementRow* type_element(
      std::string_view path) const;
  [[nodiscard]] bool is_active(std::uint32_t shape) const;

  fhir::DefinitionsWriter& writer_;
  std::unordered_set<std::string> type_constraints_;
};

}  // namespace gateway::validate
