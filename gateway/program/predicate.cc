#include "program/predicate.h"

#include <map>

#include "base/decimal.h"
#include "base/json_writer.h"
#include "program/predicate_compiler.h"

namespace gateway::program {
namespace {

// What an evaluation may cost: packs are written by people, facts are few.
constexpr fhirpath::Budget kBudget{
    .steps = 200'000, .items = 20'000, .bytes = 1U << 20U};

// Facts as a tree: "session.minutes" is a member of a member.
struct Branch {
  std::string raw;  // of a leaf
  std::map<std::string, Branch> members;
};

void write(JsonWriter& out, const Branch& branch) {
  if (branch.members.empty()) {
    out.raw(branch.raw);
    return;
  }
  out.begin_object();
  for (const auto& [name, member] : branch.members) {
    out.key(name);
    write(out, member);
  }
  out.end_object();
}

std::string raw_text(Fact fact, const Facts& facts) {
  switch (entry(fact).type) {
    case FactType::truth:
      return facts.value(fact) != 0 ? "true" : "false";
    case FactType::number:
      return facts.text(fact);
    case FactType::date:
    case FactType::text:
      return "\"" + facts.text(fact) + "\"";
  }
  return "null";
}

std::string tree_text(const std::vector<Fact>& reads, const Facts& facts) {
  Branch root;
  for (const auto fact : reads) {
    if (!facts.known(fact)) continue;
    auto* at = &root;
    std::string_view path = entry(fact).name;
    while (!path.empty()) {
      const auto dot = path.find('.');
      at = &at->members[std::string(path.substr(0, dot))];
      path = dot == std::string_view::npos ? "" : path.substr(dot + 1);
    }
    at->raw = raw_text(fact, facts);
  }
  if (root.members.empty()) return "{}";
  JsonWriter out;
  write(out, root);
  return out.take();
}

fhirpath::Value value_of(const Constant& constant) {
  if (constant.type == FactType::truth) {
    return fhirpath::Value::of(constant.value != 0);
  }
  return fhirpath::Value::of(Decimal(constant.value, 3).normalized());
}

}  // namespace

Result<Predicate> Predicate::compile(std::string_view text, Names& names,
                                     const fhir::TypeModel* model) {
  return PredicateCompiler(text, names, model).compile();
}

std::optional<bool> Predicate::test(const Facts& facts,
                                    fhirpath::Problem* problem) const {
  if (!is_plain()) return evaluate(facts, problem);
  const auto answer = value(nodes_.size() - 1, facts);
  if (!answer) return std::nullopt;
  return *answer != 0;
}

std::vector<fhirpath::Variable> Predicate::variables(
    const Facts& facts, fhirpath::Problem* problem) const {
  std::vector<fhirpath::Variable> known;
  for (const auto& [name, constant] : constants_) {
    known.push_back({name, {value_of(constant)}});
  }
  for (const auto& [name, condition] : defined_) {
    fhirpath::Variable met{name, {}};
    if (const auto answer = condition->evaluate(facts, problem)) {
      met.values.push_back(fhirpath::Value::of(*answer));
    }
    known.push_back(std::move(met));
  }
  const fhirpath::Types types(model_);
  for (const auto& type : resources_) {
    fhirpath::Variable all{type, {}};
    for (const auto& [owner, resource] : facts.resources()) {
      if (resource.get("resourceType").text() != type) continue;
      all.values.push_back(fhirpath::typed_node(resource, types));
    }
    known.push_back(std::move(all));
  }
  return known;
}

std::optional<bool> Predicate::evaluate(const Facts& facts,
                                        fhirpath::Problem* problem) const {
  const auto tree = JsonDocument::parse(tree_text(reads_, facts));
  if (!tree) return std::nullopt;
  fhirpath::Problem own;
  auto& why = problem != nullptr ? *problem : own;
  const auto known = variables(facts, &why);
  // What another condition could not say, this one does not guess.
  if (!why.message.empty()) return std::nullopt;
  const auto input = fhirpath::Value::node(tree->root(), fhirpath::kUntyped);
  const auto verdict = fhirpath::evaluate_boolean(
      expression_, input, {.variables = known, .budget = kBudget}, &why);
  if (verdict == fhirpath::Verdict::met) return true;
  if (verdict == fhirpath::Verdict::unmet) return false;
  return std::nullopt;
}

std::optional<std::int64_t> Predicate::logic(const Node& node,
                                             const Facts& facts) const {
  auto left = value(node.left, facts);
  const auto right = value(node.right, facts);
  if (node.op == Op::differ) {
    if (!left || !right) return std::nullopt;
    return *left != *right ? 1 : 0;
  }
  if (node.op == Op::implies && left) left = *left == 0 ? 1 : 0;
  // `either` and `implies` are settled by one true, `both` by one false.
  const std::int64_t settles = node.op == Op::both ? 0 : 1;
  if ((left && *left == settles) || (right && *right == settles)) {
    return settles;
  }
  if (!left || !right) return std::nullopt;
  return 1 - settles;
}

std::optional<std::int64_t> Predicate::value(std::size_t index,
                                             const Facts& facts) const {
  const auto& node = nodes_[index];
  if (node.op == Op::constant) return node.value;
  if (node.op == Op::fact) return facts.value(node.fact);
  if (node.op == Op::defined) {
    const auto met =
        defined_[static_cast<std::size_t>(node.value)].second->test(facts);
    if (!met) return std::nullopt;
    return *met ? 1 : 0;
  }
  if (node.op == Op::exists) return value(node.left, facts) ? 1 : 0;
  if (node.op == Op::empty) return value(node.left, facts) ? 0 : 1;
  if (node.op == Op::both || node.op == Op::either || node.op == Op::implies ||
      node.op == Op::differ) {
    return logic(node, facts);
  }
  const auto left = value(node.left, facts);
  if (node.op == Op::negate) {
    if (!left) return std::nullopt;
    return *left == 0 ? 1 : 0;
  }
  const auto right = value(node.right, facts);
  if (!left || !right) return std::nullopt;
  if (node.op == Op::plus) return *left + *right;
  if (node.op == Op::minus) return *left - *right;
  if (node.op == Op::times) return *left * *right / 1000;
  const auto order = *left <=> *right;
  const bool holds = (node.op == Op::equal && order == 0) ||
                     (node.op == Op::unequal && order != 0) ||
                     (node.op == Op::less && order < 0) ||
                     (node.op == Op::at_most && order <= 0) ||
                     (node.op == Op::greater && order > 0) ||
                     (node.op == Op::at_least && order >= 0);
  return holds ? 1 : 0;
}

}  // namespace gateway::program
