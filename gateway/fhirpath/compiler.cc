#include "fhirpath/compiler.h"

#include <re2/re2.h>

#include "fhirpath/compilation.h"

namespace gateway::fhirpath {

Program::Program() = default;
Program::~Program() = default;

Choice choice_of(const Types& types, KeyId key, KeyId sibling, TypeId type) {
  const auto primitive =
      types.is_primitive(type) ? types.primitive(type) : fhir::Primitive::none;
  return {key, sibling, type, primitive, types.stands_for_any(type)};
}

namespace {

OpCode code_of(Operator op) {
  switch (op) {
    case Operator::none:
    case Operator::multiply:
    case Operator::divide:
    case Operator::div:
    case Operator::mod:
    case Operator::plus:
    case Operator::minus:
    case Operator::concatenate:
      return OpCode::arithmetic;
    case Operator::less:
    case Operator::less_or_equal:
    case Operator::greater:
    case Operator::greater_or_equal:
      return OpCode::compare;
    case Operator::equal:
    case Operator::not_equal:
    case Operator::equivalent:
    case Operator::not_equivalent:
      return OpCode::equality;
    case Operator::in:
    case Operator::contains:
      return OpCode::membership;
    case Operator::and_:
    case Operator::or_:
    case Operator::xor_:
    case Operator::implies:
      return OpCode::logic;
    case Operator::unite:
      return OpCode::unite;
  }
  return OpCode::arithmetic;
}

}  // namespace

bool Compilation::run() {
  Scope scope;
  if (!options_.context.empty()) {
    program_.context = program_.types.find(options_.context);
    if (program_.context == kUntyped) {
      refuse(0, "there is no type " + std::string(options_.context));
      return false;
    }
    scope.this_type = StaticType::of(program_.context);
    scope.this_type.any = program_.types.stands_for_any(program_.context);
  }
  context_type_ = scope.this_type;
  const auto root = compile(syntax_.root, scope);
  if (!root) return false;
  program_.root = root->op;
  program_.pattern_of.resize(program_.ops.size(), kNoOp);
  return true;
}

Compilation::Result Compilation::refuse(std::uint32_t place,
                                        std::string message) {
  if (problem_.message.empty()) {
    problem_ = {ProblemKind::semantic, std::move(message), place};
  }
  return std::nullopt;
}

OpIndex Compilation::add(const Op& op) {
  program_.ops.push_back(op);
  return static_cast<OpIndex>(program_.ops.size() - 1);
}

std::uint32_t Compilation::add_args(const std::vector<OpIndex>& args) {
  const auto first = static_cast<std::uint32_t>(program_.args.size());
  program_.args.insert(program_.args.end(), args.begin(), args.end());
  return first;
}

Compilation::Result Compilation::compile(NodeIndex index, const Scope& scope) {
  const auto& node = syntax_.nodes[index];
  switch (node.kind) {
    case SyntaxKind::empty:
      return Compiled{add({.code = OpCode::empty, .place = node.place}),
                      StaticType::nothing()};
    case SyntaxKind::literal:
      return literal(node);
    case SyntaxKind::name:
      return name(node, scope);
    case SyntaxKind::call:
      return call(node, scope);
    case SyntaxKind::index:
      return indexed(node, scope);
    case SyntaxKind::this_:
      return Compiled{add({.code = OpCode::this_, .place = node.place}),
                      scope.this_type};
    case SyntaxKind::position:
      return Compiled{add({.code = OpCode::position, .place = node.place}),
                      StaticType::of(ValueKind::integer)};
    case SyntaxKind::total:
      return Compiled{add({.code = OpCode::total, .place = node.place}), {}};
    case SyntaxKind::variable:
      return variable(node);
    case SyntaxKind::negate:
      return negated(node, scope);
    case SyntaxKind::positive:
      return signed_number(node, scope);
    case SyntaxKind::binary:
      return binary(node, scope);
    case SyntaxKind::is:
    case SyntaxKind::as:
      return type_test(node, scope);
  }
  return std::nullopt;
}

std::string_view Compilation::keep(std::string_view text) {
  program_.texts.emplace_back(text);
  return program_.texts.back();
}

Compiled Compilation::constant(const Value& value, std::uint32_t place) {
  program_.constants.push_back(value);
  const auto data = static_cast<std::uint32_t>(program_.constants.size() - 1);
  return {add({.code = OpCode::literal, .place = place, .data = data}),
          StaticType::of(value.type())};
}

Compilation::Result Compilation::literal(const SyntaxNode& node) {
  const auto& literal = node.literal;
  const auto temporal = [&](TemporalKind kind) {
    return Value::of(kind, *parse_temporal(kind, literal.text));
  };
  switch (literal.kind) {
    case LiteralKind::boolean:
      return constant(Value::of(literal.text == "true"), node.place);
    case LiteralKind::integer:
      return constant(Value::of(*Decimal::parse(literal.text)->truncated()),
                      node.place);
    case LiteralKind::decimal:
      return constant(Value::of(*Decimal::parse(literal.text)), node.place);
    case LiteralKind::string:
      return constant(Value::of(keep(literal.text)), node.place);
    case LiteralKind::date:
      return constant(temporal(TemporalKind::date), node.place);
    case LiteralKind::date_time:
      return constant(temporal(TemporalKind::date_time), node.place);
    case LiteralKind::time:
      return constant(temporal(TemporalKind::time), node.place);
    case LiteralKind::quantity:
      break;
  }
  program_.quantities.push_back(
      {*Decimal::parse(literal.text), keep(literal.unit),
       literal.calendar ? calendar_unit(literal.unit) : TimeUnit::none});
  return constant(Value::of(&program_.quantities.back()), node.place);
}

std::uint32_t Compilation::name_number(const std::string& text) {
  const auto found = name_numbers_.find(text);
  if (found != name_numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(program_.names.size());
  Name made{.text = text, .sibling = "_" + text};
  if (program_.keys != nullptr) {
    made.key = program_.keys->find(made.text);
    made.sibling_key = program_.keys->find(made.sibling);
  }
  program_.names.push_back(std::move(made));
  name_numbers_.emplace(text, number);
  return number;
}

Compilation::RootName Compilation::root_name(const SyntaxNode& node,
                                             const Scope& scope,
                                             TypeId& type) const {
  if (node.focus != kNoNode || node.text.front() < 'A' ||
      node.text.front() > 'Z') {
    return RootName::no;
  }
  const auto* model = program_.types.model();
  type = model != nullptr ? model->find(node.text) : kUntyped;
  if (!scope.this_type.known()) return RootName::maybe;
  if (type == kUntyped) return RootName::no;
  for (const auto own : scope.this_type.types) {
    if (program_.types.is_a(own, type)) return RootName::yes;
    if (program_.types.is_a(type, own)) return RootName::maybe;
  }
  return scope.this_type.any ? RootName::maybe : RootName::wrong;
}

Compilation::Result Compilation::name(const SyntaxNode& node,
                                      const Scope& scope) {
  Step step{.name = name_number(node.text)};
  Compiled from{kNoOp, scope.this_type};
  if (node.focus != kNoNode) {
    const auto focus = compile(node.focus, scope);
    if (!focus) return std::nullopt;
    from = *focus;
  }
  switch (root_name(node, scope, step.self)) {
    case RootName::yes:
      return Compiled{add({.code = OpCode::this_, .place = node.place}),
                      scope.this_type};
    case RootName::wrong:
      return refuse(node.place, "the input is no " + node.text);
    case RootName::maybe:
      step.may_be_root = true;
      from.type.any = true;
      break;
    case RootName::no:
      break;
  }
  StaticType type = StaticType::nothing();
  type.ordered = from.type.ordered;
  if (!step_types(node, from.type, step, type)) return std::nullopt;
  return append_step(node, from.op, step, std::move(type));
}

bool Compilation::step_types(const SyntaxNode& node, const StaticType& from,
                             Step& step, StaticType& type) {
  bool found = from.any || from.types.empty();
  type.any = from.any;
  for (const auto owner : from.types) {
    ElementTypes element;
    if (!element_types(program_.types, owner, node.text, element)) continue;
    found = true;
    type.merge(element.type);
    const bool only = from.types.size() == 1 && !from.any;
    if (!only || element.choices.empty()) continue;
    step.owner = owner;
    step.first_choice = static_cast<std::uint32_t>(program_.choices.size());
    step.choice_count = static_cast<std::uint32_t>(element.choices.size());
    for (const auto& choice : element.choices) {
      program_.choices.push_back(
          choice_of(program_.types, choice.key, choice.sibling, choice.type));
      step.key_bits |= std::uint64_t{1} << (choice.key % 64);
      step.key_bits |= std::uint64_t{1} << (choice.sibling % 64);
    }
  }
  if (found) return true;
  const auto owner = from.types.front();
  std::string message(program_.types.name(owner));
  message += " has no element " + node.text;
  const auto near = nearest_element(program_.types, owner, node.text);
  if (!near.empty()) message += ": did you mean " + std::string(near) + "?";
  refuse(node.place, std::move(message));
  return false;
}

Compiled Compilation::append_step(const SyntaxNode& node, OpIndex focus,
                                  const Step& step, StaticType type) {
  constexpr std::uint8_t kMostSteps = 200;
  const auto end = static_cast<std::uint32_t>(program_.steps.size());
  program_.steps.push_back(step);
  auto& added = program_.steps.back();
  added.direct = step.choice_count == 1 &&
                 !program_.choices[step.first_choice].any_resource;
  if (focus != kNoOp) {
    auto& before = program_.ops[focus];
    if (before.code == OpCode::path && before.count < kMostSteps &&
        before.data + before.count == end) {
      ++before.count;
      const auto& previous = program_.steps[end - 1];
      added.follows =
          added.direct && previous.direct &&
          program_.choices[previous.first_choice].type == added.owner;
      return {focus, std::move(type)};
    }
    // $this before a name needs no operation of its own.
    if (before.code == OpCode::this_) focus = kNoOp;
  }
  return {add({.code = OpCode::path,
               .count = 1,
               .place = node.place,
               .focus = focus,
               .data = end}),
          std::move(type)};
}

Compilation::Result Compilation::indexed(const SyntaxNode& node,
                                         const Scope& scope) {
  const auto focus = compile(node.focus, scope);
  if (!focus) return std::nullopt;
  const auto position = compile(node.args[0], scope);
  if (!position) return std::nullopt;
  return Compiled{add({.code = OpCode::index,
                       .count = 1,
                       .place = node.place,
                       .focus = focus->op,
                       .first_arg = add_args({position->op})}),
                  focus->type};
}

Compilation::Result Compilation::variable(const SyntaxNode& node) {
  constexpr std::string_view kValueSet = "vs-";
  constexpr std::string_view kExtension = "ext-";
  const std::string_view name = node.text;
  std::string text;
  if (name == "ucum") text = "http://unitsofmeasure.org";
  if (name == "sct") text = "http://snomed.info/sct";
  if (name == "loinc") text = "http://loinc.org";
  if (name.starts_with(kValueSet)) {
    text = "http://hl7.org/fhir/ValueSet/";
    text += name.substr(kValueSet.size());
  }
  if (name.starts_with(kExtension)) {
    text = "http://hl7.org/fhir/StructureDefinition/";
    text += name.substr(kExtension.size());
  }
  if (!text.empty()) return constant(Value::of(keep(text)), node.place);
  return Compiled{add({.code = OpCode::variable,
                       .place = node.place,
                       .data = name_number(node.text)}),
                  name == "context" ? context_type_ : StaticType{}};
}

Compilation::Result Compilation::negated(const SyntaxNode& node,
                                         const Scope& scope) {
  const auto operand = compile(node.args[0], scope);
  if (!operand || !takes_sign(node, operand->type)) return std::nullopt;
  return Compiled{add({.code = OpCode::negate,
                       .count = 1,
                       .place = node.place,
                       .first_arg = add_args({operand->op})}),
                  operand->type};
}

Compilation::Result Compilation::signed_number(const SyntaxNode& node,
                                               const Scope& scope) {
  auto operand = compile(node.args[0], scope);
  if (!operand || !takes_sign(node, operand->type)) return std::nullopt;
  return operand;
}

bool Compilation::takes_sign(const SyntaxNode& node, const StaticType& type) {
  if (!type.known()) return true;
  for (const auto each : type.types) {
    const auto kind = operand_kind(program_.types, each);
    if (kind == ValueKind::integer || kind == ValueKind::decimal ||
        kind == ValueKind::quantity) {
      return true;
    }
  }
  refuse(node.place,
         "a sign needs a number behind it: write (-1).f() for a function "
         "of a negative number");
  return false;
}

Compilation::Result Compilation::binary(const SyntaxNode& node,
                                        const Scope& scope) {
  const auto left = compile(node.args[0], scope);
  if (!left) return std::nullopt;
  const auto right = compile(node.args[1], scope);
  if (!right) return std::nullopt;
  const auto code = code_of(node.op);
  StaticType type;
  if (code == OpCode::unite) {
    type = left->type;
    type.merge(right->type);
  } else if (!combine_types(program_.types, node.op, left->type, right->type,
                            type)) {
    return refuse(node.place, "this operator does not know these types");
  }
  if (code == OpCode::equality || code == OpCode::membership ||
      code == OpCode::logic) {
    type = StaticType::of(ValueKind::boolean);
  }
  if (node.op == Operator::concatenate) {
    type = StaticType::of(ValueKind::string);
  }
  return Compiled{add({.code = code,
                       .count = 2,
                       .place = node.place,
                       .first_arg = add_args({left->op, right->op}),
                       .data = static_cast<std::uint32_t>(node.op)}),
                  std::move(type)};
}

std::shared_ptr<const Program> compiled(const Syntax& syntax,
                                        std::string_view source,
                                        const CompileOptions& options,
                                        Problem& problem) {
  auto program = std::make_shared<Program>();
  program->source = source;
  program->types = Types(options.model);
  program->keys =
      options.model != nullptr ? &options.model->keys() : options.keys;
  program->as_filters = options.as_filters;
  if (!Compilation(syntax, options, *program, problem).run()) return nullptr;
  return program;
}

}  // namespace gateway::fhirpath
