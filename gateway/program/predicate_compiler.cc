#include "program/predicate_compiler.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/decimal.h"
#include "program/predicate_types.h"

namespace gateway::program {
namespace {

using fhirpath::NodeIndex;
using fhirpath::Operator;
using fhirpath::SyntaxKind;
using fhirpath::SyntaxNode;

constexpr std::size_t kMostNodes = 4096;
// In thousandths: sums and products of a few such numbers fit in 64 bits.
constexpr std::int64_t kLargestPlain = 1'000'000'000;

// The clock, the world outside and other servers are no facts.
constexpr std::array<std::string_view, 8> kForbidden{
    "now",      "today",      "timeOfDay",  "resolve",
    "memberOf", "conformsTo", "htmlChecks", "trace"};
// Their result is of the type of what stands before the dot.
constexpr std::array<std::string_view, 10> kKeepType{
    "where", "first", "last",     "single", "tail",
    "skip",  "take",  "distinct", "sort",   "intersect"};
constexpr std::array<std::string_view, 13> kTruths{
    "exists",     "empty",    "not",      "all",     "allTrue",
    "anyTrue",    "allFalse", "anyFalse", "matches", "startsWith",
    "isDistinct", "hasValue", "contains"};
constexpr std::array<std::string_view, 3> kTypeTests{"ofType", "as", "is"};
constexpr std::array<std::string_view, 2> kNumbers{"count", "length"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string_view> fact_names() {
  std::vector<std::string_view> names;
  for (const auto& one : fact_table()) names.push_back(one.name);
  return names;
}

}  // namespace

std::string suggestion(std::string_view wrong,
                       const std::vector<std::string_view>& names) {
  constexpr std::size_t kLongest = 64;
  if (wrong.size() > kLongest) return {};
  std::string_view best;
  auto least = wrong.size() / 3 + 2;
  for (const auto name : names) {
    const auto distance = fhirpath::edit_distance(wrong, name);
    if (distance >= least) continue;
    least = distance;
    best = name;
  }
  if (best.empty()) return {};
  return "; did you mean '" + std::string(best) + "'?";
}

const std::vector<std::string_view>& resource_types() {
  static const std::vector<std::string_view> kTypes = {
      "ServiceRequest", "Coverage",  "Condition",
      "ClaimResponse",  "Procedure", "Encounter"};
  return kTypes;
}

PredicateCompiler::PredicateCompiler(std::string_view text, Names& names,
                                     const fhir::TypeModel* model)
    : text_(text), names_(names), types_(model) {
  out_.model_ = model;
}

Result<Predicate> PredicateCompiler::compile() {
  fhirpath::Problem problem;
  if (!fhirpath::parse(text_, syntax_, problem)) {
    return Error{ErrorCode::invalid, problem.message, problem.place};
  }
  if (syntax_.nodes.size() > kMostNodes) {
    return Error{ErrorCode::too_large, "the expression is too long", 0};
  }
  const auto root = visit(syntax_.root, {});
  if (root.type && *root.type != FactType::truth) {
    fail(at(syntax_.root).place,
         "a truth value is wanted, this is " + std::string(word(*root.type)));
  }
  if (error_) return *error_;
  auto expression = fhirpath::compile(text_, {.model = out_.model_}, &problem);
  if (!expression) {
    return Error{ErrorCode::invalid, problem.message, problem.place};
  }
  out_.expression_ = *std::move(expression);
  if (!root.node) out_.nodes_.clear();
  return std::move(out_);
}

PredicateCompiler::Typed PredicateCompiler::fail(std::size_t place,
                                                 std::string message) {
  if (!error_) error_ = Error{ErrorCode::invalid, std::move(message), place};
  return {};
}

PredicateCompiler::Typed PredicateCompiler::add(Op op, FactType type,
                                                const Typed& left,
                                                const Typed& right) {
  Typed made{.type = type};
  if (!left.node || !right.node) return made;
  out_.nodes_.push_back({.op = op, .left = *left.node, .right = *right.node});
  made.node = static_cast<std::uint16_t>(out_.nodes_.size() - 1);
  return made;
}

PredicateCompiler::Typed PredicateCompiler::constant(FactType type,
                                                     std::int64_t value) {
  out_.nodes_.push_back({.op = Op::constant, .value = value});
  return {.type = type,
          .node = static_cast<std::uint16_t>(out_.nodes_.size() - 1),
          .leaf = true,
          .constant = true};
}

PredicateCompiler::Typed PredicateCompiler::visit(NodeIndex index,
                                                  const Scope& scope) {
  if (error_) return {};
  const auto& node = at(index);
  switch (node.kind) {
    case SyntaxKind::literal:
      return literal(node);
    case SyntaxKind::name:
      return name(node, scope);
    case SyntaxKind::call:
      return call(node, scope);
    case SyntaxKind::variable:
      return variable(node);
    case SyntaxKind::negate:
    case SyntaxKind::positive:
      return negated(node, scope);
    case SyntaxKind::binary:
      return binary(node, scope);
    case SyntaxKind::index: {
      const auto focus = visit(node.focus, scope);
      visit(node.args[0], scope);
      return {.type = {}, .element = focus.element};
    }
    case SyntaxKind::is:
      visit(node.args[0], scope);
      return {.type = FactType::truth};
    case SyntaxKind::as:
      visit(node.args[0], scope);
      return {};
    case SyntaxKind::this_:
      return {.type = {}, .element = scope.element};
    case SyntaxKind::empty:
    case SyntaxKind::position:
    case SyntaxKind::total:
      return {};
  }
  return {};
}

PredicateCompiler::Typed PredicateCompiler::literal(const SyntaxNode& node) {
  using fhirpath::LiteralKind;
  const auto& written = node.literal;
  if (written.kind == LiteralKind::boolean) {
    return constant(FactType::truth, written.text == "true" ? 1 : 0);
  }
  if (written.kind == LiteralKind::integer ||
      written.kind == LiteralKind::decimal) {
    const auto number = Decimal::parse(written.text);
    const auto scaled = number ? number->rounded(3) : std::nullopt;
    if (scaled && *scaled == *number && *scaled <= Decimal(kLargestPlain, 3)) {
      return constant(FactType::number,
                      static_cast<std::int64_t>(scaled->coefficient()));
    }
    return {.type = FactType::number};
  }
  if (written.kind == LiteralKind::string) return {.type = FactType::text};
  if (written.kind == LiteralKind::date) return {.type = FactType::date};
  return {};
}

std::optional<std::string> PredicateCompiler::dotted(
    const SyntaxNode& node) const {
  if (node.kind != SyntaxKind::name || node.delimited) return std::nullopt;
  if (node.focus == fhirpath::kNoNode) return node.text;
  const auto before = dotted(at(node.focus));
  if (!before) return std::nullopt;
  return *before + "." + node.text;
}

PredicateCompiler::Typed PredicateCompiler::name(const SyntaxNode& node,
                                                 const Scope& scope) {
  const auto path = dotted(node);
  if (path && scope.at_facts) return fact(node, *path);
  if (node.focus == fhirpath::kNoNode) return member(node, scope.element);
  const auto focus = visit(node.focus, scope);
  if (focus.type && !error_) {
    return fail(node.place, "a fact has no member '" + node.text + "'");
  }
  return member(node, focus.element);
}

PredicateCompiler::Typed PredicateCompiler::fact(const SyntaxNode& node,
                                                 const std::string& path) {
  const auto* known = fact_named(path);
  if (known == nullptr) {
    auto begin = node.place;
    for (const auto* one = &node; one->focus != fhirpath::kNoNode;) {
      one = &at(one->focus);
      begin = one->place;
    }
    return fail(begin,
                "unknown fact '" + path + "'" + suggestion(path, fact_names()));
  }
  out_.reads_.push_back(known->fact);
  if (known->type == FactType::text || known->type == FactType::date) {
    return {.type = known->type};
  }
  out_.nodes_.push_back({.op = Op::fact, .fact = known->fact});
  return {.type = known->type,
          .node = static_cast<std::uint16_t>(out_.nodes_.size() - 1),
          .leaf = true};
}

PredicateCompiler::Typed PredicateCompiler::member(const SyntaxNode& node,
                                                   fhirpath::TypeId owner) {
  if (error_ || owner == fhirpath::kUntyped) return {};
  fhirpath::ElementTypes found;
  if (!fhirpath::element_types(types_, owner, node.text, found)) {
    const auto near = fhirpath::nearest_element(types_, owner, node.text);
    auto message =
        std::string(types_.name(owner)) + " has no element '" + node.text + "'";
    if (!near.empty()) message += "; did you mean '" + std::string(near) + "'?";
    return fail(node.place, std::move(message));
  }
  const auto& known = found.type;
  if (known.any || known.types.size() != 1) return {};
  return {.type = {}, .element = known.types[0]};
}

PredicateCompiler::Typed PredicateCompiler::variable(const SyntaxNode& node) {
  if (const auto defined = names_.defined(node.text)) {
    out_.defined_.emplace_back(node.text, defined);
    out_.nodes_.push_back(
        {.op = Op::defined,
         .value = static_cast<std::int64_t>(out_.defined_.size() - 1)});
    for (const auto fact : defined->reads()) out_.reads_.push_back(fact);
    for (const auto& type : defined->resources()) read_resource(type);
    return {.type = FactType::truth,
            .node = static_cast<std::uint16_t>(out_.nodes_.size() - 1)};
  }
  const bool of_resource =
      !node.text.empty() &&
      std::isupper(static_cast<unsigned char>(node.text[0])) != 0;
  if (!of_resource) {
    const auto known = names_.constant(node.text);
    if (!known) {
      return fail(node.place, "unknown knob %" + node.text +
                                  suggestion(node.text, names_.known()));
    }
    out_.constants_.emplace_back(node.text, *known);
    return constant(known->type, known->value);
  }
  const auto& types = resource_types();
  if (std::find(types.begin(), types.end(), node.text) == types.end()) {
    return fail(node.place, "unknown resource %" + node.text +
                                suggestion(node.text, types));
  }
  read_resource(node.text);
  if (types_.model() == nullptr) return {};
  return {.type = {}, .element = types_.find(node.text)};
}

void PredicateCompiler::read_resource(const std::string& type) {
  auto& read = out_.resources_;
  if (std::find(read.begin(), read.end(), type) == read.end()) {
    read.push_back(type);
  }
}

PredicateCompiler::Typed PredicateCompiler::call(const SyntaxNode& node,
                                                 const Scope& scope) {
  if (has(kForbidden, node.text)) {
    return fail(node.place, node.text +
                                "() has no place in a requirement, "
                                "which follows from facts alone");
  }
  Typed focus;
  if (node.focus != fhirpath::kNoNode) {
    // A fact's name ends before the function.
    focus = visit(node.focus, scope);
  }
  if (error_) return {};
  const bool from_facts = node.focus == fhirpath::kNoNode && scope.at_facts;
  const bool of_type = has(kTypeTests, node.text);  // arguments are types
  for (const auto arg : node.args) {
    if (!of_type) visit(arg, from_facts ? scope : Scope{false, focus.element});
  }
  if (error_) return {};
  if (node.args.empty() && node.focus != fhirpath::kNoNode) {
    return answer_of(node, focus);
  }
  if (has(kTruths, node.text)) return {.type = FactType::truth};
  if (has(kNumbers, node.text)) return {.type = FactType::number};
  if (has(kKeepType, node.text)) {
    return {.type = focus.type, .element = focus.element};
  }
  return {};
}

PredicateCompiler::Typed PredicateCompiler::answer_of(const SyntaxNode& node,
                                                      const Typed& focus) {
  if (node.text == "exists")
    return add(Op::exists, FactType::truth, focus, focus);
  if (node.text == "empty")
    return add(Op::empty, FactType::truth, focus, focus);
  if (node.text == "not") {
    if (focus.type && *focus.type != FactType::truth) {
      return fail(node.place, "not() wants a truth value, this is " +
                                  std::string(word(*focus.type)));
    }
    if (!focus.type) return {.type = FactType::truth};
    return add(Op::negate, FactType::truth, focus, focus);
  }
  if (has(kTruths, node.text)) return {.type = FactType::truth};
  if (has(kNumbers, node.text)) return {.type = FactType::number};
  if (has(kKeepType, node.text)) {
    return {.type = focus.type, .element = focus.element};
  }
  return {};
}

PredicateCompiler::Typed PredicateCompiler::negated(const SyntaxNode& node,
                                                    const Scope& scope) {
  const auto operand = visit(node.args[0], scope);
  if (operand.type && *operand.type != FactType::number) {
    return fail(node.place, "a sign wants a number, this is " +
                                std::string(word(*operand.type)));
  }
  if (!operand.type) return {};
  if (node.kind == SyntaxKind::positive) return operand;
  const auto zero = constant(FactType::number, 0);
  return add(Op::minus, FactType::number, zero, operand);
}

PredicateCompiler::Typed PredicateCompiler::arithmetic(const SyntaxNode& node,
                                                       const Typed& left,
                                                       const Typed& right) {
  if (!can_meet(types_, node.op, side_of(left), side_of(right))) {
    return fail(node.place, "numbers are wanted on both sides, these are " +
                                described(types_, side_of(left)) + " and " +
                                described(types_, side_of(right)));
  }
  for (const auto* side : {&left, &right}) {
    if (side->type && *side->type != FactType::number) {
      return fail(node.place, "numbers are wanted on both sides, this is " +
                                  std::string(word(*side->type)));
    }
  }
  if (!left.type || !right.type) return {};
  if (node.op == Operator::plus) {
    return add(Op::plus, FactType::number, left, right);
  }
  if (node.op == Operator::minus) {
    return add(Op::minus, FactType::number, left, right);
  }
  // Products stay exact and small only of a fact and a whole number.
  const auto whole = [this](const Typed& side) {
    return side.constant && side.node &&
           out_.nodes_[*side.node].value % 1000 == 0;
  };
  const bool plain = node.op == Operator::multiply && left.leaf && right.leaf &&
                     (whole(left) || whole(right));
  if (!plain) return {.type = FactType::number};
  return add(Op::times, FactType::number, left, right);
}

PredicateCompiler::Typed PredicateCompiler::logical(Op op,
                                                    const SyntaxNode& node,
                                                    const Typed& left,
                                                    const Typed& right) {
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& type = side == 0 ? left.type : right.type;
    if (!type || *type == FactType::truth) continue;
    return fail(at(node.args[side]).place,
                "a truth value is wanted on both sides, this is " +
                    std::string(word(*type)));
  }
  if (!left.type || !right.type) return {.type = FactType::truth};
  return add(op, FactType::truth, left, right);
}

PredicateCompiler::Typed PredicateCompiler::compared(Op op,
                                                     const SyntaxNode& node,
                                                     const Typed& left,
                                                     const Typed& right) {
  if ((left.type && right.type && *left.type != *right.type) ||
      !can_meet(types_, node.op, side_of(left), side_of(right))) {
    return fail(at(node.args[1]).place,
                "the two sides are " + described(types_, side_of(left)) +
                    " and " + described(types_, side_of(right)));
  }
  const bool order = op != Op::equal && op != Op::unequal;
  if (order &&
      (left.type == FactType::truth || right.type == FactType::truth)) {
    return fail(node.place, "truth values have no order");
  }
  return add(op, FactType::truth, left, right);
}

PredicateCompiler::Typed PredicateCompiler::binary(const SyntaxNode& node,
                                                   const Scope& scope) {
  struct Row {
    Operator written;
    Op op;
    Typed (PredicateCompiler::*make)(Op, const SyntaxNode&, const Typed&,
                                     const Typed&);
  };
  using Self = PredicateCompiler;
  static constexpr std::array<Row, 10> kRows{
      {{Operator::and_, Op::both, &Self::logical},
       {Operator::or_, Op::either, &Self::logical},
       {Operator::xor_, Op::differ, &Self::logical},
       {Operator::implies, Op::implies, &Self::logical},
       {Operator::equal, Op::equal, &Self::compared},
       {Operator::not_equal, Op::unequal, &Self::compared},
       {Operator::less, Op::less, &Self::compared},
       {Operator::less_or_equal, Op::at_most, &Self::compared},
       {Operator::greater, Op::greater, &Self::compared},
       {Operator::greater_or_equal, Op::at_least, &Self::compared}}};
  const auto left = visit(node.args[0], scope);
  const auto right = visit(node.args[1], scope);
  if (error_) return {};
  for (const auto& row : kRows) {
    if (row.written == node.op)
      return (this->*row.make)(row.op, node, left, right);
  }
  if (node.op >= Operator::multiply && node.op <= Operator::minus) {
    return arithmetic(node, left, right);
  }
  if (node.op == Operator::concatenate) return {.type = FactType::text};
  if (node.op == Operator::unite) return {};
  return {.type = FactType::truth};  // equivalence and membership
}

}  // namespace gateway::program
