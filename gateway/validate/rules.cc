#include "validate/rules.h"

#include <utility>

namespace gateway::validate {

Rules::Rules(const fhir::Definitions& definitions, Findings& findings,
             References& references, const RuleOptions& options)
    : definitions_(definitions),
      findings_(findings),
      references_(references),
      options_(options) {
  const auto of = [&definitions](std::string_view type) {
    return definitions.type_named(type);
  };
  of_values_ = {{of("Attachment"), &Rules::attachment},
                {of("Identifier"), &Rules::identifier},
                {of("canonical"), &Rules::canonical},
                {of("uri"), &Rules::uri},
                {of("url"), &Rules::uri}};
  if (options.checks_security) {
    of_values_.push_back({of("string"), &Rules::text});
    of_values_.push_back({of("markdown"), &Rules::text});
  }
  of_resources_ = {{of("Bundle"), &Rules::bundle},
                   {of("CodeSystem"), &Rules::code_system},
                   {of("ValueSet"), &Rules::value_set},
                   {of("ConceptMap"), &Rules::concept_map},
                   {of("StructureDefinition"), &Rules::structure},
                   {of("MeasureReport"), &Rules::measure_report}};
}

void Rules::value(Json node, std::uint32_t shape, const Scope& scope) {
  for (const auto& [type, rule] : of_values_) {
    if (type == shape) (this->*rule)(node, scope);
  }
}

void Rules::resource(Json node, std::uint32_t shape, const Scope& scope) {
  unique_ids(node);
  narrative_links(node);
  own_url(node);
  for (const auto& [type, rule] : of_resources_) {
    if (type == shape) (this->*rule)(node, scope);
  }
}

void Rules::wrong(Json place, std::string_view rule, std::string text,
                  std::string wanted) {
  findings_.add(place, {.rule = rule,
                        .type = fhir::IssueType::value,
                        .text = std::move(text),
                        .wanted = std::move(wanted)});
}

}  // namespace gateway::validate
