#include "map/rule_compiler.h"

#include <algorithm>
#include <array>
#include <utility>

#include "map/coded_check.h"
#include "map/element_name.h"
#include "map/leaf_check.h"
#include "map/outward_check.h"
#include "map/stray_word.h"
#include "map/suggestion.h"
#include "map/target_check.h"

namespace gateway::map {
namespace {

bool is_ours(std::string_view key) { return key.starts_with('$'); }

}  // namespace

RuleCompiler::RuleCompiler(const LibraryParts& library,
                           const fhir::TypeModel* model, const Scope& source,
                           std::vector<MapProblem>& problems)
    : library_(library), model_(model), problems_(problems), scopes_{source} {}

Rule RuleCompiler::new_rule(const Yaml& node, const Target& target,
                            Rule::Kind kind) {
  Rule rule;
  rule.kind = kind;
  rule.id = rule_count_++;
  rule.place = place_of(node);
  rule.path = target.path;
  return rule;
}

MapPlace RuleCompiler::place_of(const Yaml& node) const {
  const auto place = node.place();
  const auto column = place.rfind(':');
  const auto line = place.rfind(':', column - 1);
  const auto file = place.substr(0, line);
  const auto& files = library_.files;
  const auto it = std::find(files.begin(), files.end(), file);
  return {static_cast<std::uint32_t>(it - files.begin()),
          static_cast<std::uint32_t>(node.line()),
          static_cast<std::uint32_t>(node.column())};
}

void RuleCompiler::problem(LintRule rule, const Yaml& at, std::string text) {
  problems_.push_back({rule, at.place(), std::move(text)});
}

HeldExpression RuleCompiler::expression_text(const std::string& text,
                                             const Yaml& at) {
  const auto [known, fresh] = compiled_.try_emplace({scopes_, text});
  if (!fresh && known->second.exists()) return known->second;
  auto made = Expression::compile(text, scopes_, library_.settings);
  if (made) return known->second = *std::move(made);
  problem(LintRule::expression, at, made.error().message);
  return Expression::literal("");
}

HeldExpression RuleCompiler::expression(const Yaml& node) {
  if (node.kind() != Yaml::Kind::scalar) {
    problem(LintRule::shape, node, "an expression is wanted here");
    return Expression::literal("");
  }
  if (is_bare_date(node.scalar())) {
    problem(LintRule::expression, node,
            "this would be reckoned as a subtraction: write \"=" +
                node.scalar() + "\" for the date");
  }
  return expression_text(node.scalar(), node);
}

HeldExpression RuleCompiler::choice_expression(const Yaml& node, Rule& rule) {
  const auto found = library_.choices.find(node.scalar());
  if (found == library_.choices.end()) {
    std::vector<std::string_view> names;
    for (const auto& [name, unused] : library_.choices) names.push_back(name);
    problem(LintRule::unknown_name, node,
            "there is no choice \"" + node.scalar() + "\"" +
                suggestion(node.scalar(), names));
    return Expression::literal("");
  }
  rule.choice = node.scalar();
  choice_sites_.push_back({rule.choice, rule.id, scopes_});
  return expression(found->second);
}

// What $onMissing, $onUnmapped and $onInvalid say.
Otherwise RuleCompiler::read_otherwise(const Yaml& node) {
  constexpr std::array<std::pair<std::string_view, Remedy>, 4> kRemedies{
      {{"omit", Remedy::omit},
       {"skip", Remedy::skip},
       {"reject", Remedy::reject},
       {"correct", Remedy::correct}}};
  for (const auto& [name, remedy] : kRemedies) {
    if (node.scalar() == name) return {remedy, {}, {}};
    if (const auto text = node.get(name); text.exists()) {
      return {remedy, text.scalar(), {}};
    }
  }
  if (node.kind() == Yaml::Kind::scalar) {
    return {Remedy::fallback, {}, expression(node)};
  }
  problem(LintRule::shape, node,
          "omit, skip, reject, correct, { correct: \"text\" } or another "
          "value is wanted here");
  return {};
}

// Opens the scope of $each or, for objects, of $from.
bool RuleCompiler::open_scope(Rule& rule, const RuleMembers& members,
                              bool for_object) {
  const auto* each = find(members, "$each");
  const auto* from = find(members, "$from");
  const auto* choice = find(members, "$choice");
  const auto* opening = each != nullptr ? each : nullptr;
  if (each != nullptr) rule.each = expression(*each);
  if (for_object && each == nullptr && (from != nullptr || choice != nullptr)) {
    opening = from != nullptr ? from : choice;
    rule.from =
        from != nullptr ? expression(*from) : choice_expression(*choice, rule);
    if (!rule.choice.empty()) choice_sites_.back().is_stood_on = true;
  } else if (for_object && each != nullptr && from != nullptr) {
    problem(LintRule::shape, *from, "an object has $each or $from, not both");
  }
  if (opening == nullptr) return false;
  const auto& expression = each != nullptr ? rule.each : rule.from;
  if (expression.is_literal() && expression.text().empty()) {
    // Said already: what stands in it is checked as in a field.
    scopes_.push_back({Scope::Kind::field, nullptr});
    return true;
  }
  if (!expression.scope()) {
    problem(LintRule::shape, *opening,
            "only a path, first() or a part of a document can be "
            "stood on");
    return false;
  }
  scopes_.push_back(*expression.scope());
  return true;
}

void RuleCompiler::read_expressions(Rule& rule, const RuleMembers& members) {
  if (const auto* when = find(members, "$when")) rule.when = expression(*when);
  if (const auto* plus = find(members, "$plus")) rule.plus = expression(*plus);
  if (const auto* missing = find(members, "$onMissing")) {
    rule.missing = read_otherwise(*missing);
  }
  if (const auto* invalid = find(members, "$onInvalid")) {
    rule.invalid = read_otherwise(*invalid);
  }
  for (const auto& [name, nodes] : members) {
    if (!is_ours(name)) continue;
    if (std::find(kValueKeys.begin(), kValueKeys.end(), name) ==
        kValueKeys.end()) {
      problem(LintRule::unknown_key, nodes.first,
              "there is no \"" + name + "\"" +
                  suggestion(name, {kValueKeys.begin(), kValueKeys.end()}));
    }
  }
}

void RuleCompiler::read_table(Rule& rule, const RuleMembers& members,
                              const Target& target) {
  const auto* name = find(members, "$table");
  const auto* unmapped = find(members, "$onUnmapped");
  if (unmapped != nullptr) rule.unmapped = read_otherwise(*unmapped);
  if (name == nullptr) {
    if (unmapped != nullptr) {
      problem(LintRule::shape, *unmapped, "$onUnmapped without $table");
    }
    return;
  }
  const auto found = library_.tables.find(name->scalar());
  if (found == library_.tables.end()) {
    std::vector<std::string_view> names;
    for (const auto& [known, unused] : library_.tables) names.push_back(known);
    problem(LintRule::unknown_name, *name,
            "there is no table \"" + name->scalar() + "\"" +
                suggestion(name->scalar(), names));
    return;
  }
  rule.table = found->second;
  const auto& table = library_.rows[rule.table];
  if (unmapped == nullptr && !table.answers_all()) {
    problem(LintRule::remedy, *name,
            "say $onUnmapped: reject, correct, omit, skip or another value: "
            "the table \"" +
                name->scalar() + "\" does not know every code");
  }
  if (model_ == nullptr) return;
  if (rule.is_coding) {
    // Whichever codes it takes, they are written as codes.
    return note_use({rule.table, {target.path, fhir::Primitive::code}},
                    table_uses_);
  }
  check_rows(*model_, table, target, problems_);
  note_use({rule.table, leaf_type(*model_, target)}, table_uses_);
}

// All that a leaf may write, at the place where it is said.
void RuleCompiler::check_texts_of(const Rule& rule, const Yaml& node,
                                  const RuleMembers& members,
                                  const Target& target) {
  const auto place_of_key = [&](std::string_view key) {
    const auto* value = find(members, key);
    return value == nullptr ? node.place() : value->place();
  };
  if (rule.table == kNoTable) {
    const auto choice = library_.choices.find(rule.choice);
    const auto place = choice == library_.choices.end()
                           ? place_of_key("$from")
                           : choice->second.place();
    check_texts(*model_, rule.from, target, place, problems_);
    note_partners(rule, target);
  }
  const auto check = [&](const Otherwise& otherwise, std::string_view key) {
    check_texts(*model_, otherwise.fallback, target, place_of_key(key),
                problems_);
  };
  check(rule.missing, "$onMissing");
  check(rule.unmapped, "$onUnmapped");
  check(rule.invalid, "$onInvalid");
}

// What partners may say instead must fit too.
void RuleCompiler::note_partners(const Rule& rule, const Target& target) {
  const auto takes = leaf_type(*model_, target);
  if (!rule.choice.empty()) choice_sites_.back().takes = takes;
  const auto& text = rule.from.text();
  if (!text.starts_with('%')) return;
  const auto setting = library_.setting_values.find(text.substr(1));
  if (setting == library_.setting_values.end()) return;
  if (auto wrong = text_problem(takes, setting->second.scalar());
      !wrong.empty()) {
    problem(wrong.rule, setting->second, std::move(wrong.text));
  }
  setting_uses_.push_back({setting->first, takes});
}

// A leaf: a scalar, or a map of our own keys.
Rule RuleCompiler::compile_leaf(const Yaml& node, const Target& target) {
  auto rule = new_rule(node, target, Rule::Kind::leaf);
  const auto told = problems_.size();
  if (model_ != nullptr && target.type != fhir::kNoType) {
    rule.primitive = model_->primitive(target.type);
    rule.is_coding = model_->name(target.type) == "Coding";
  }
  RuleMembers members;
  if (node.kind() == Yaml::Kind::scalar) {
    rule.from = expression(node);
  } else {
    members = merged(node);
    const bool opened = open_scope(rule, members, false);
    const auto* from = find(members, "$from");
    const auto* choice = find(members, "$choice");
    if (from != nullptr) {
      rule.from = expression(*from);
    } else if (choice != nullptr) {
      rule.from = choice_expression(*choice, rule);
    } else if (opened) {
      rule.from = Expression::here(scopes_);
    } else {
      problem(LintRule::incomplete, node,
              target.path + " says neither $from nor $choice");
    }
    read_expressions(rule, members);
    read_table(rule, members, target);
    if (opened) scopes_.pop_back();
  }
  rule.has_values = !rule.from.is_literal();
  check_kind(rule, target, node.place(), problems_);
  check_bears_text(rule, node.place(), problems_);
  check_each(rule, target, node.place(), problems_);
  if (model_ != nullptr && problems_.size() == told) {
    check_texts_of(rule, node, members, target);
  }
  return rule;
}

Rule RuleCompiler::compile_list(const Yaml& node, const Target& target) {
  auto rule = new_rule(node, target, Rule::Kind::list);
  if (target.element && !target.element->repeats()) {
    problem(LintRule::cardinality, node,
            target.path + " does not repeat: write it without a list");
  }
  Target item = target;
  item.in_list = true;
  rule.members.reserve(node.items().size());
  for (const auto& one : node.items()) {
    rule.members.push_back(compile_value(one, item));
  }
  if (rule.members.empty()) {
    problem(LintRule::incomplete, node, target.path + " is an empty list");
  }
  rule.has_values =
      std::any_of(rule.members.begin(), rule.members.end(),
                  [](const Rule& member) { return member.has_values; });
  return rule;
}

Rule RuleCompiler::compile_value(const Yaml& node, const Target& target) {
  if (node.kind() == Yaml::Kind::sequence) return compile_list(node, target);
  if (target.element && target.element->repeats() && !target.in_list) {
    problem(LintRule::cardinality, node,
            target.path +
                " repeats: write a list, with \"- \" before "
                "each item");
  }
  const bool typed = model_ != nullptr && target.type != fhir::kNoType;
  const bool primitive =
      typed && model_->kind(target.type) == fhir::TypeKind::primitive;
  const auto want_elements = [&] {
    if (!typed || primitive) return;
    problem(LintRule::type, node,
            target.path + " is a " + std::string(model_->name(target.type)) +
                ": write its elements");
  };
  if (node.kind() != Yaml::Kind::map) {
    want_elements();
    return compile_leaf(node, target);
  }
  const auto members = merged(node);
  if (find(members, "$ref") != nullptr) return compile_reference(node, target);
  if (find(members, "$match") != nullptr) {
    return compile_match(node, members, target);
  }
  const bool only_ours =
      std::all_of(members.begin(), members.end(),
                  [](const auto& member) { return is_ours(member.first); });
  const bool coding = only_ours && find(members, "$table") != nullptr;
  const bool takes_row = typed && model_->name(target.type) == "Coding";
  if (only_ours && !(coding && takes_row)) want_elements();
  if (primitive || coding || (!typed && only_ours)) {
    for (const auto& [name, nodes] : members) {
      if (!is_ours(name)) {
        problem(LintRule::element, nodes.first,
                target.path + " is a " +
                    std::string(model_->name(target.type)) +
                    " and has no elements");
      }
    }
    return compile_leaf(node, target);
  }
  return compile_object(node, members, target);
}

Rule RuleCompiler::compile_object(const Yaml& node, const RuleMembers& members,
                                  const Target& target) {
  auto rule = new_rule(node, target, Rule::Kind::object);
  const bool opened = open_scope(rule, members, true);
  read_expressions(rule, members);
  for (const auto* key : {"$table", "$onUnmapped", "$onInvalid", "$plus"}) {
    if (const auto* node_of_key = find(members, key)) {
      problem(LintRule::shape, *node_of_key,
              std::string(key) + " is for a value, and " + target.path +
                  " has elements: say it of one of them");
    }
  }
  Target owner = target;
  if (const auto* type = find(members, "resourceType")) {
    owner.type = type_named(*type);
  }
  compile_members(rule, members, owner);
  check_each(rule, target, node.place(), problems_);
  if (model_ != nullptr) {
    mark_arms(*model_, rule, owner, node.place(), problems_);
    check_required(*model_, rule, owner, node.place(), problems_);
    check_coded(*model_, {library_.files, library_.rows, table_uses_}, rule,
                owner, problems_);
  }
  if (opened) scopes_.pop_back();
  return rule;
}

fhir::TypeId RuleCompiler::type_named(const Yaml& name) {
  if (!is_type_name(name.scalar())) {
    problem(LintRule::element, name, type_name_problem(name.scalar()));
    return fhir::kNoType;
  }
  if (model_ == nullptr) return fhir::kNoType;
  const auto type = model_->find(name.scalar());
  if (type == fhir::kNoType) {
    problem(LintRule::element, name,
            "there is no resource \"" + name.scalar() + "\"" +
                suggestion(name.scalar(), resource_names(*model_)));
  }
  return type;
}

// The nearest emission of that name: the one that was compiled last.
void RuleCompiler::add_target(Rule& rule, const Yaml& name,
                              const Target& target) {
  const auto it = std::find_if(
      emitted.rbegin(), emitted.rend(),
      [&](const Emitted& one) { return one.name == name.scalar(); });
  if (it == emitted.rend()) {
    std::vector<std::string_view> names;
    for (const auto& one : emitted) names.push_back(one.name);
    problem(LintRule::unknown_name, name,
            "nothing above gives \"" + name.scalar() +
                "\" that this could refer to" +
                suggestion(name.scalar(), names));
    return;
  }
  rule.targets.push_back(it->id);
  if (it->certain && rule.missing.remedy == Remedy::unsaid) {
    rule.missing.remedy = Remedy::reject;
  }
  if (model_ != nullptr) {
    check_reference(*model_, it->type, target, name.place(), problems_);
  }
}

// "ServiceRequest?identifier=...": what the members say of an Identifier finds
// the resource.
Rule RuleCompiler::compile_match(const Yaml& node, const RuleMembers& members,
                                 const Target& target) {
  const auto& type = *find(members, "$match");
  if (!is_type_name(type.scalar())) {
    problem(LintRule::element, type, type_name_problem(type.scalar()));
  }
  Target identifier{.type = fhir::kNoType, .path = target.path};
  if (model_ != nullptr) {
    if (target.type != fhir::kNoType) {
      check_reference(*model_, type.scalar(), target, type.place(), problems_);
    }
    identifier.type = model_->find("Identifier");
  }
  auto rule = compile_object(node, members, identifier);
  rule.match = type.scalar();
  mark_key(rule);
  return rule;
}

void RuleCompiler::compile_members(Rule& rule, const RuleMembers& members,
                                   const Target& target) {
  // Rules are large: no room for more than there are.
  const auto written =
      std::count_if(members.begin(), members.end(),
                    [](const auto& member) { return !is_ours(member.first); });
  rule.members.reserve(static_cast<std::size_t>(written));
  for (const auto& [name, nodes] : members) {
    if (is_ours(name)) continue;
    const auto& [key, value] = nodes;
    if (name == "resourceType") {
      auto type = new_rule(value, target, Rule::Kind::leaf);
      type.from = Expression::literal(value.scalar());
      type.member = name;
      rule.members.push_back(std::move(type));
      continue;
    }
    std::string text;
    auto member = member_target(model_, name, target, text);
    if (!member) {
      problem(LintRule::element, key, text);
      continue;
    }
    auto made = compile_value(value, *member);
    made.member = name;
    rule.has_values = rule.has_values || made.has_values;
    rule.members.push_back(std::move(made));
  }
}

Rule RuleCompiler::compile_reference(const Yaml& node, const Target& target) {
  auto rule = new_rule(node, target, Rule::Kind::reference);
  rule.has_values = true;
  const auto members = merged(node);
  read_expressions(rule, members);
  const auto& names = *find(members, "$ref");
  if (names.kind() == Yaml::Kind::sequence) {
    for (const auto& name : names.items()) add_target(rule, name, target);
  } else {
    add_target(rule, names, target);
  }
  for (const auto& [key, nodes] : members) {
    if (!is_ours(key)) {
      problem(LintRule::shape, nodes.first,
              "a $ref has no elements of its own");
    }
  }
  return rule;
}

void mark_key(Rule& identifier) {
  identifier.is_key = identifier.kind == Rule::Kind::object;
  for (auto& member : identifier.members) {
    if (identifier.kind == Rule::Kind::list) mark_key(member);
    if (member.member == "system") member.key_part = Rule::Part::system;
    if (member.member == "value") member.key_part = Rule::Part::value;
  }
}

}  // namespace gateway::map
