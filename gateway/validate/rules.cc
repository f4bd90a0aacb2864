#include "validate/rules.h"

#include <utility>

namespace gateway::validate {

Rules::Table::Table(const fhir::Definitions& definitions)
    : string_(definitions.type_named("string")),
      markdown_(definitions.type_named("markdown")) {
  const auto of = [&definitions](std::string_view type) {
    return definitions.type_named(type);
  };
  of_values_ = {{of("Attachment"), &Rules::attachment},
                {of("Identifier"), &Rules::identifier},
                {of("canonical"), &Rules::canonical},
                {of("uri"), &Rules::uri},
                {of("url"), &Rules::uri}};
  traits_.resize(std::size_t{definitions.shapes.size()} * trait_count);
  for (const auto& rule : of_values_) {
    if (rule.shape != fhir::kNone) mark(rule.shape, has_rule);
  }
  mark_codes(definitions);
  of_resources_ = {
      {of("Bundle"), &Rules::bundle},
      {of("CodeSystem"), &Rules::code_system},
      {of("ValueSet"), &Rules::value_set},
      {of("ConceptMap"), &Rules::concept_map},
      {of("StructureDefinition"), &Rules::structure},
      {of("Measure"), &Rules::measure},
      {of("MeasureReport"), &Rules::measure_report},
      {of("SearchParameter"), &Rules::search_parameter},
      {of("QuestionnaireResponse"), &Rules::questionnaire_response},
      {of("CapabilityStatement"), &Rules::capability_statement}};
}

void Rules::Table::mark_codes(const fhir::Definitions& definitions) {
  const auto coding = definitions.type_named("Coding");
  const auto quantity = definitions.type_named("Quantity");
  for (std::uint32_t i = 0; i < definitions.shapes.size(); ++i) {
    const auto& shape = definitions.shapes[i];
    if (shape.kind != fhir::TypeKind::complex ||
        (shape.flags & fhir::kConstraint) != 0) {
      continue;
    }
    if (definitions.derives(i, coding) || definitions.derives(i, quantity)) {
      mark(i, is_coded);
    }
    if (shape.root == fhir::kNone) continue;
    const auto binding = definitions.elements[shape.root].binding;
    if (binding == fhir::BindingStrength::required ||
        binding == fhir::BindingStrength::extensible) {
      mark(i, is_bound);
    }
  }
}

void Rules::value(Json node, std::uint32_t shape, const Scope& scope) {
  if (table_.has(shape, Table::has_rule)) {
    for (const auto& [type, rule] : table_.of_values_) {
      if (type == shape) (this->*rule)(node, scope);
    }
  }
  if (options_.checks_security &&
      (shape == table_.string_ || shape == table_.markdown_)) {
    text(node, scope);
  }
}

void Rules::resource(Json node, std::uint32_t shape, const Scope& scope,
                     bool has_ids) {
  if (has_ids) unique_ids(node);
  narrative_links(node);
  own_url(node);
  if (!options_.experimental_allowed) experimental(node);
  for (const auto& [type, rule] : table_.of_resources_) {
    if (type == shape) (this->*rule)(node, scope);
  }
}

void Rules::lax(Json place, std::string_view rule, std::string text,
                std::string wanted) {
  findings_.add(place, {.rule = rule,
                        .type = fhir::IssueType::value,
                        .text = std::move(text),
                        .wanted = std::move(wanted),
                        .severity = options_.rigor == Rigor::reference
                                        ? fhir::Severity::error
                                        : fhir::Severity::warning});
}

Json Rules::source(std::string_view url) {
  const auto* artifact = definitions_.artifact(url);
  if (artifact == nullptr || artifact->source.length == 0) {
    artifact = definitions_.artifact(
        "http://hl7.org/fhir/StructureDefinition/" + std::string(url));
  }
  if (artifact == nullptr || artifact->source.length == 0) return {};
  auto document =
      parse_shared(std::string(definitions_.text(artifact->source)));
  if (!document.ok()) return {};
  sources_.push_back(*std::move(document));
  return sources_.back()->root();
}

void Rules::wrong(Json place, std::string_view rule, std::string text,
                  std::string wanted) {
  findings_.add(place, {.rule = rule,
                        .type = fhir::IssueType::value,
                        .text = std::move(text),
                        .wanted = std::move(wanted)});
}

}  // namespace gateway::validate
