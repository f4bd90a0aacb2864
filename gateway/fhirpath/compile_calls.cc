// Calls of functions: their arguments, what they give, and what is checked of
// both before any data.

#include <re2/re2.h>

#include <algorithm>

#include "fhirpath/compilation.h"
#include "fhirpath/pattern.h"

namespace gateway::fhirpath {

Compilation::Result Compilation::type_test(const SyntaxNode& node,
                                           const Scope& scope) {
  const auto operand = compile(node.args[0], scope);
  if (!operand) return std::nullopt;
  return type_op(node, node.kind == SyntaxKind::is, operand->op, node.text);
}

Compilation::Result Compilation::type_op(const SyntaxNode& node, bool is,
                                         OpIndex operand,
                                         const std::string& name) {
  const auto type = program_.types.find(name);
  if (type == kUntyped) {
    return refuse(node.place, "there is no type " + name);
  }
  return Compiled{
      add({.code = is ? OpCode::is : OpCode::as,
           .count = 1,
           .place = node.place,
           .first_arg = add_args({operand}),
           .data = type}),
      is ? StaticType::of(ValueKind::boolean) : StaticType::of(type)};
}

std::string Compilation::type_argument(const SyntaxNode& node) const {
  const auto& arg = syntax_.nodes[node.args[0]];
  if (arg.kind != SyntaxKind::name) return {};
  if (arg.focus == kNoNode) return arg.text;
  const auto& space = syntax_.nodes[arg.focus];
  if (space.kind != SyntaxKind::name || space.focus != kNoNode) return {};
  return space.text + "." + arg.text;
}

Compilation::Result Compilation::call(const SyntaxNode& node,
                                      const Scope& scope) {
  const auto row = function_named(node.text);
  if (row == functions().size()) {
    return refuse(node.place, unknown_function(node.text));
  }
  const auto& function = functions()[row];
  if (node.args.size() < function.least || node.args.size() > function.most) {
    return refuse(node.place, node.text + "() takes " +
                                  std::to_string(function.least) + " to " +
                                  std::to_string(function.most) + " arguments");
  }
  Compiled focus{kNoOp, scope.this_type};
  if (node.focus != kNoNode) {
    const auto compiled_focus = compile(node.focus, scope);
    if (!compiled_focus) return std::nullopt;
    focus = *compiled_focus;
    if (program_.ops[focus.op].code == OpCode::this_) focus.op = kNoOp;
  }
  if ((function.flags & kNeedsOrder) != 0 && !focus.type.ordered) {
    return refuse(node.place, node.text +
                                  "() needs an order, and children() and "
                                  "descendants() have none");
  }
  if (function.takes == Takes::type) return typed_call(node, focus, row);
  return plain_call(node, scope, focus, row);
}

std::string Compilation::unknown_function(std::string_view name) {
  std::string message = "there is no function ";
  message += name;
  std::size_t least = 3;
  std::string_view near;
  for (const auto& function : functions()) {
    const auto distance = edit_distance(name.substr(0, 40), function.name);
    if (distance >= least) continue;
    least = distance;
    near = function.name;
  }
  if (!near.empty()) message += ": did you mean " + std::string(near) + "?";
  return message;
}

Compilation::Result Compilation::typed_call(const SyntaxNode& node,
                                            const Compiled& focus,
                                            std::uint32_t row) {
  const auto name = type_argument(node);
  const auto type = name.empty() ? kUntyped : program_.types.find(name);
  if (type == kUntyped) {
    return refuse(node.place, name.empty() ? "the name of a type is needed"
                                           : "there is no type " + name);
  }
  if (node.text == "ofType") {
    auto result = StaticType::of(type);
    result.ordered = focus.type.ordered;
    return Compiled{add({.code = OpCode::call,
                         .place = node.place,
                         .focus = focus.op,
                         .first_arg = type,
                         .data = row}),
                    std::move(result)};
  }
  auto operand = focus.op;
  if (operand == kNoOp) {
    operand = add({.code = OpCode::this_, .place = node.place});
  }
  return type_op(node, node.text == "is", operand, name);
}

Compilation::Result Compilation::plain_call(const SyntaxNode& node,
                                            const Scope& scope,
                                            const Compiled& focus,
                                            std::uint32_t row) {
  const auto& function = functions()[row];
  Scope inner{focus.type};
  inner.this_type.ordered = true;
  std::vector<OpIndex> args;
  std::vector<StaticType> types;
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    const bool outer = function.takes != Takes::expressions ||
                       ((function.outer >> i) & 1U) != 0;
    const auto arg = argument(node, i, outer ? scope : inner);
    if (!arg) return std::nullopt;
    args.push_back(arg->op);
    types.push_back(arg->type);
  }
  if (!checked_arguments(node, function, args, types)) return std::nullopt;
  const Op op{.code = OpCode::call,
              .count = static_cast<std::uint8_t>(args.size()),
              .place = node.place,
              .focus = focus.op,
              .first_arg = add_args(args),
              .data = row};
  auto type = result_type(function, focus.type, types);
  if ((function.flags & kLosesOrder) != 0) type.ordered = false;
  if ((function.flags & kGivesOrder) != 0) type.ordered = true;
  return Compiled{add(op), std::move(type)};
}

Compilation::Result Compilation::argument(const SyntaxNode& node,
                                          std::size_t index,
                                          const Scope& scope) {
  auto at = node.args[index];
  bool descending = syntax_.nodes[at].descending;
  const bool sorts = node.text == "sort";
  if (sorts && syntax_.nodes[at].kind == SyntaxKind::negate) {
    descending = !descending;
    at = syntax_.nodes[at].args[0];
  }
  auto arg = compile(at, scope);
  if (arg && sorts) program_.ops[arg->op].descending = descending;
  return arg;
}

bool Compilation::checked_arguments(const SyntaxNode& node,
                                    const Function& function,
                                    const std::vector<OpIndex>& args,
                                    const std::vector<StaticType>& types) {
  if (function.name == "iif" && !may_be_boolean(types[0])) {
    refuse(node.place, "the criterion of iif() must be a boolean");
    return false;
  }
  const bool pattern = function.name == "matches" ||
                       function.name == "matchesFull" ||
                       function.name == "replaceMatches";
  return !pattern || keep_pattern(node, args[0]);
}

bool Compilation::may_be_boolean(const StaticType& type) const {
  if (!type.known()) return true;
  return std::any_of(type.types.begin(), type.types.end(), [&](TypeId each) {
    const auto kind = operand_kind(program_.types, each);
    return kind == ValueKind::boolean || kind == ValueKind::node;
  });
}

bool Compilation::keep_pattern(const SyntaxNode& node, OpIndex arg) {
  const auto& op = program_.ops[arg];
  if (op.code != OpCode::literal) return true;
  const auto& value = program_.constants[op.data];
  if (!value.is(ValueKind::string)) return true;
  auto pattern = compiled_pattern(value.string());
  if (pattern == nullptr) {
    refuse(node.place,
           "this is no regular expression that can be run: "
           "look-around and back references are not known");
    return false;
  }
  program_.pattern_of.resize(program_.ops.size(), kNoOp);
  program_.pattern_of[arg] =
      static_cast<std::uint32_t>(program_.patterns.size());
  program_.patterns.push_back(std::move(pattern));
  return true;
}

StaticType Compilation::result_type(const Function& function,
                                    const StaticType& focus,
                                    const std::vector<StaticType>& args) const {
  StaticType type;
  switch (function.gives) {
    case Gives::boolean:
      return StaticType::of(ValueKind::boolean);
    case Gives::integer:
      return StaticType::of(ValueKind::integer);
    case Gives::decimal:
      return StaticType::of(ValueKind::decimal);
    case Gives::string:
      return StaticType::of(ValueKind::string);
    case Gives::quantity:
      return StaticType::of(ValueKind::quantity);
    case Gives::date:
      return StaticType::of(ValueKind::date);
    case Gives::date_time:
      return StaticType::of(ValueKind::date_time);
    case Gives::time:
      return StaticType::of(ValueKind::time);
    case Gives::focus:
      return focus;
    case Gives::argument:
      return args[0];
    case Gives::either:
      type = focus;
      type.merge(args[0]);
      return type;
    case Gives::chosen:
      type = args[1];
      if (args.size() == 3) type.merge(args[2]);
      return type;
    case Gives::extension:
      if (program_.types.extension() == kUntyped) return type;
      return StaticType::of(program_.types.extension());
    case Gives::number:
    case Gives::named:
    case Gives::children:
    case Gives::anything:
      return type;
  }
  return type;
}

}  // namespace gateway::fhirpath
