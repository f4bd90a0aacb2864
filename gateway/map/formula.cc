#include "map/formula.h"

#include <utility>

#include "fhirpath/expression.h"
#include "fhirpath/functions.h"
#include "fhirpath/program.h"
#include "map/source_path.h"
#include "map/text_node.h"

namespace gateway::map {

namespace {

using fhirpath::Gives;
using fhirpath::OpCode;

constexpr Computed kBoolean{"boolean", "true"};

Computed computed_at(const fhirpath::Program& program, fhirpath::OpIndex at) {
  const auto& op = program.ops[at];
  const bool asks = op.code == OpCode::compare || op.code == OpCode::equality ||
                    op.code == OpCode::membership || op.code == OpCode::logic ||
                    op.code == OpCode::is;
  if (asks) return kBoolean;
  if (op.code != OpCode::call) return {};
  const auto gives = fhirpath::functions()[op.data].gives;
  if (gives == Gives::boolean) return kBoolean;
  if (gives == Gives::integer) return {"integer", "7"};
  if (gives == Gives::decimal) return {"decimal", "1.5"};
  if (gives == Gives::quantity) return {"quantity", "1 'kg'"};
  if (gives == Gives::date) return {"date", "2026-04-01"};
  if (gives == Gives::date_time) return {"dateTime", "2026-04-01T08:00:00Z"};
  if (gives == Gives::time) return {"time", "08:00:00"};
  constexpr std::uint8_t kBranches = 2;
  if (gives != Gives::chosen || op.count <= kBranches) return {};
  const auto* args = &program.args[op.first_arg];
  const auto one = computed_at(program, args[1]);
  const auto other = computed_at(program, args[2]);
  return one.kind == other.kind ? one : Computed();
}

}  // namespace

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

Computed Formula::computed() const {
  const auto& program = program_->expression.program();
  return computed_at(program, program.root);
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
