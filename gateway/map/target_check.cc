#include "map/target_check.h"

#include <algorithm>
#include <utility>

#include "map/element_name.h"
#include "map/leaf_check.h"
#include "map/outward_check.h"
#include "map/suggestion.h"

namespace gateway::map {
namespace {

using fhir::TypeModel;

std::vector<std::string_view> member_names(const TypeModel& model,
                                           fhir::TypeId type) {
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < model.element_count(type); ++i) {
    const auto element = model.element_at(type, i);
    for (std::uint32_t t = 0; t < element.type_count(); ++t) {
      names.push_back(model.keys().name(element.type(t).key));
    }
  }
  return names;
}

// What may have been meant: all ways to write an element of choice type that
// is named without its type.
std::string near_members(const TypeModel& model, fhir::TypeId type,
                         std::string_view name) {
  const auto choice = model.element(type, name);
  if (!choice || !choice->is_choice()) {
    return suggestion(name, member_names(model, type));
  }
  constexpr std::uint32_t kEnough = 6;
  std::string all;
  const auto count = std::min(choice->type_count(), kEnough);
  for (std::uint32_t i = 0; i < count; ++i) {
    const bool last = i > 0 && i + 1 == count;
    all += i == 0 ? "; did you mean " : last ? " or " : ", ";
    all += model.keys().name(choice->type(i).key);
  }
  return all + (choice->type_count() > kEnough ? " or another type?" : "?");
}

// One is there exactly where the other is not. That a = b has no opposite:
// where a is empty, neither it nor its not() holds.
bool is_opposite(std::string_view a, std::string_view b) {
  constexpr std::string_view kExists = ".exists()";
  constexpr std::string_view kEmpty = ".empty()";
  if (!a.ends_with(kExists)) return false;
  const auto path = a.substr(0, a.size() - kExists.size());
  return b == std::string(path).append(kEmpty) ||
         b == std::string(a).append(".not()");
}

// What happens then gives a value, or leaves more than the element out.
bool is_sure(const Otherwise& otherwise) {
  if (otherwise.remedy == Remedy::fallback) {
    return always_gives(otherwise.fallback);
  }
  return otherwise.remedy != Remedy::omit;
}

// Once its $when holds.
bool may_be_empty_then(const Rule& rule);

using Rules = std::vector<const Rule*>;

// One of them is always written, or says what else happens.
bool one_is_sure(const Rules& rules);

bool is_sure_then(const Rule& rule) {
  if (rule.kind == Rule::Kind::list) {
    Rules items;
    for (const auto& item : rule.members) items.push_back(&item);
    return one_is_sure(items);
  }
  return is_sure(rule.missing) && is_sure(rule.unmapped) &&
         is_sure(rule.invalid) && !may_be_empty_then(rule);
}

// Of a required element: what may leave it out, and what is to be said.
std::string why_unsure(const Rules& rules) {
  const auto& first = *rules.front();
  if (is_sure_then(first) && first.when.exists()) {
    return " is required, and $when may leave it out: write it without $when, "
           "or a second time under the opposite (.exists() and .empty())";
  }
  for (const auto& [otherwise, key] :
       {std::pair{&first.unmapped, "$onUnmapped"},
        std::pair{&first.invalid, "$onInvalid"}}) {
    if (is_sure(*otherwise)) continue;
    return std::string(" is required, and ") + key +
           " may leave it out: say reject, correct, skip or a text";
  }
  return " is required and may be empty: say $onMissing: reject, correct, skip "
         "or another value";
}

bool one_is_sure(const Rules& rules) {
  const auto has_opposite = [&rules](const Rule& rule) {
    return std::any_of(rules.begin(), rules.end(), [&rule](const Rule* other) {
      return is_opposite(rule.when.text(), other->when.text()) &&
             is_sure_then(*other);
    });
  };
  return std::any_of(rules.begin(), rules.end(), [&](const Rule* rule) {
    return is_sure_then(*rule) && (!rule->when.exists() || has_opposite(*rule));
  });
}

}  // namespace

std::optional<Target> member_target(const TypeModel* model,
                                    std::string_view name, const Target& owner,
                                    std::string& problem) {
  if (!is_element_name(name)) {
    problem = element_name_problem(name, owner.path);
    return std::nullopt;
  }
  Target target;
  target.path = owner.path.empty() ? std::string(name)
                                   : owner.path + "." + std::string(name);
  if (model == nullptr || owner.type == fhir::kNoType) return target;
  const auto member = model->member(owner.type, model->keys().find(name));
  if (!member) {
    problem = owner.path + " is a " + std::string(model->name(owner.type)) +
              " and has no \"" + std::string(name) + "\"" +
              near_members(*model, owner.type, name);
    return std::nullopt;
  }
  if (member->is_sibling) {
    target.type = model->find("Element");
    return target;
  }
  target.type = member->choice.type;
  target.element = member->element;
  return target;
}

std::vector<std::string_view> resource_names(const TypeModel& model) {
  std::vector<std::string_view> names;
  const auto& shapes = model.definitions().shapes;
  for (fhir::TypeId type = 0; type < shapes.size(); ++type) {
    if (model.kind(type) != fhir::TypeKind::resource) continue;
    if (model.is_abstract(type) || model.find(model.name(type)) != type) {
      continue;
    }
    names.push_back(model.name(type));
  }
  return names;
}

void check_required(const TypeModel& model, const Rule& rule,
                    const Target& target, const std::string& place,
                    std::vector<MapProblem>& problems) {
  for (std::uint32_t i = 0; i < model.element_count(target.type); ++i) {
    const auto element = model.element_at(target.type, i);
    if (element.min() == 0) continue;
    Rules written;
    for (const auto& member : rule.members) {
      const auto known =
          model.member(target.type, model.keys().find(member.member));
      if (known && &known->element.row() == &element.row()) {
        written.push_back(&member);
      }
    }
    const std::string path = target.path + "." + std::string(element.name());
    if (written.empty()) {
      problems.push_back(
          {LintRule::required, place,
           path + " is required, and the map does not write it"});
    } else if (!one_is_sure(written)) {
      problems.push_back(
          {LintRule::required, place, path + why_unsure(written)});
    }
  }
}

void check_reference(const TypeModel& model, std::string_view type,
                     const Target& target, const std::string& place,
                     std::vector<MapProblem>& problems) {
  if (target.type == fhir::kNoType) return;
  if (model.name(target.type) != "Reference") {
    problems.push_back(
        {LintRule::type, place,
         target.path + " is no Reference, so $ref cannot be here"});
    return;
  }
  if (!target.element || type.empty()) return;
  const auto& definitions = model.definitions();
  const auto& types = target.element->row().types;
  bool restricted = false;
  for (std::uint32_t t = 0; t < types.count; ++t) {
    const auto& row = definitions.types[types.first + t];
    for (const auto& allowed : definitions.targets.of(row.targets)) {
      restricted = true;
      const auto shape = allowed.shape;
      if (shape == fhir::kNone) return;
      const auto name = model.name(shape);
      if (name == type || name == "Resource") return;
    }
  }
  if (restricted) {
    problems.push_back(
        {LintRule::reference, place,
         target.path + " may not refer to a " + std::string(type)});
  }
}

namespace {

// The rule may take away the object around it.
bool may_skip(const Rule& rule) {
  for (const auto* otherwise : {&rule.missing, &rule.unmapped, &rule.invalid}) {
    if (otherwise->remedy == Remedy::skip) return true;
  }
  return rule.kind == Rule::Kind::list &&
         std::any_of(rule.members.begin(), rule.members.end(), may_skip);
}

}  // namespace

bool may_be_empty(const Rule& rule) {
  return rule.when.exists() || may_be_empty_then(rule);
}

namespace {

bool may_be_empty_then(const Rule& rule) {
  switch (rule.missing.remedy) {
    case Remedy::reject:
    case Remedy::correct:
    case Remedy::skip:
      return false;
    case Remedy::fallback:
      if (always_gives(rule.missing.fallback)) return false;
      break;
    case Remedy::unsaid:
    case Remedy::omit:
      break;
  }
  if (rule.each.exists() && !is_certain(rule.each)) return true;
  if (is_one_of_two(rule)) return false;
  if (rule.kind == Rule::Kind::leaf) return !is_certain(rule.from);
  if (rule.kind == Rule::Kind::reference) return true;
  if (rule.kind == Rule::Kind::object &&
      (rule.from.exists() ||
       std::any_of(rule.members.begin(), rule.members.end(), may_skip))) {
    return true;
  }
  // An object of which only the map's own texts are left is not written.
  const bool texts_count = rule.kind == Rule::Kind::list || !rule.has_values;
  return std::all_of(rule.members.begin(), rule.members.end(),
                     [texts_count](const Rule& member) {
                       if (!member.has_values) return !texts_count;
                       return may_be_empty(member);
                     });
}

}  // namespace

bool is_required(const Target& target) {
  return target.element && target.element->min() > 0 && !target.in_list;
}

void check_each(const Rule& rule, const Target& target,
                const std::string& place, std::vector<MapProblem>& problems) {
  if (!rule.each.exists() || rule.each.is_single() || rule.when.exists()) {
    return;
  }
  if (!target.element || target.in_list || target.element->repeats()) return;
  problems.push_back(
      {LintRule::cardinality, place,
       target.path +
           " does not repeat, and $each may give several: say $from for the "
           "first, first(...), or in $when which one"});
}

void check_bears_text(const Rule& leaf, const std::string& place,
                      std::vector<MapProblem>& problems) {
  const auto& scope = leaf.from.scope();
  if (!scope) return;
  const bool group = scope->kind == Scope::Kind::group;
  if (!group && scope->kind != Scope::Kind::segment) return;
  problems.push_back({LintRule::shape, place,
                      std::string("a ") + (group ? "group" : "segment") +
                          " is no value: name a field of it, as in PID-3"});
}

void mark_arms(const TypeModel& model, Rule& object, const Target& target,
               const std::string& place, std::vector<MapProblem>& problems) {
  if (target.type == fhir::kNoType) return;
  const auto element_of = [&](const Rule& member) -> const fhir::ElementRow* {
    const auto known =
        model.member(target.type, model.keys().find(member.member));
    if (!known || known->is_sibling || !known->element.is_choice()) {
      return nullptr;
    }
    return &known->element.row();
  };
  auto& members = object.members;
  std::uint8_t arms = 0;
  for (auto one = members.begin(); one != members.end(); ++one) {
    const auto* element = element_of(*one);
    if (element == nullptr || one->arm != 0) continue;
    const Rule* always = one->when.exists() ? nullptr : &*one;
    for (auto other = one + 1; other != members.end(); ++other) {
      if (element_of(*other) != element) continue;
      if (one->arm == 0) one->arm = ++arms;
      other->arm = one->arm;
      if (other->when.exists()) continue;
      if (always != nullptr) {
        problems.push_back({LintRule::cardinality, place,
                            target.path + ": " + always->member + " and " +
                                other->member +
                                " are one element, which has one of them: say "
                                "in $when which is written"});
      }
      always = &*other;
    }
  }
}

}  // namespace gateway::map
