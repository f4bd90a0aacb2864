#include "map/formula.h"

#include <utility>

#include "fhirpath/expression.h"
#include "map/source_path.h"

namespace gateway::map {

struct Formula::Program {
  fhirpath::Expression expression;
};

std::string_view Item::value() const {
  return node.exists() ? text_node(node).text() : std::string_view(text);
}

Result<Formula> Formula::compile(const std::string& text) {
  auto compiled = fhirpath::compile(text);
  if (!compiled) return compiled.error();
  Formula made;
  made.program_ = std::make_shared<Program>(Program{*std::move(compiled)});
  return made;
}

Status Formula::evaluate(Json focus, Json root,
                         const std::vector<Binding>& bindings,
                         std::vector<Item>& found) const {
  std::vector<fhirpath::Variable> variables;
  variables.reserve(bindings.size());
  for (const auto& binding : bindings) {
    fhirpath::Variable variable{.name = binding.name, .values = {}};
    for (const auto node : binding.nodes) {
      variable.values.push_back(
          fhirpath::Value::node(node, fhirpath::kUntyped));
    }
    if (!binding.text.empty()) {
      variable.values.push_back(fhirpath::Value::of(binding.text));
    }
    variables.push_back(std::move(variable));
  }
  fhirpath::Environment environment;
  environment.variables = variables;
  environment.resource = root;
  // Rooms that evaluations of one thread use one after the other.
  thread_local fhirpath::Scratch scratch;
  const auto values = fhirpath::evaluate_in(
      scratch, program_->expression,
      fhirpath::Value::node(focus, fhirpath::kUntyped), environment);
  if (!values) return values.error();
  for (const auto& value : *values) {
    if (value.is_node()) {
      const auto node = value.json();
      found.push_back({.node = node, .text = {}, .span = node.span()});
    } else if (auto text = fhirpath::text_of(value); !text.empty()) {
      found.push_back({.node = {}, .text = std::move(text), .span = {}});
    }
  }
  return Done{};
}

}  // namespace gateway::map
