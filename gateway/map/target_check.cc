#include "map/target_check.h"

#include <algorithm>

#include "map/element_name.h"
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

// A leaf, object or list that is always written, or says what else happens.
bool is_surely_written(const Rule& rule) {
  return rule.missing.remedy != Remedy::omit && !may_be_empty(rule);
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
    const auto written = std::find_if(
        rule.members.begin(), rule.members.end(), [&](const Rule& member) {
          const auto known =
              model.member(target.type, model.keys().find(member.member));
          return known && &known->element.row() == &element.row();
        });
    const std::string path = target.path + "." + std::string(element.name());
    if (written == rule.members.end()) {
      problems.push_back(
          {place, path + " is required, and the map does not write it", false});
    } else if (!is_surely_written(*written)) {
      problems.push_back(
          {place,
           path + " is required and may be empty: say $onMissing: reject, "
                  "correct, skip or another value",
           false});
    }
  }
}

void check_reference(const TypeModel& model, std::string_view type,
                     const Target& target, const std::string& place,
                     std::vector<MapProblem>& problems) {
  if (target.type == fhir::kNoType) return;
  if (model.name(target.type) != "Reference") {
    problems.push_back(
        {place, target.path + " is no Reference, so $ref cannot be here",
         false});
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
        {place, target.path + " may not refer to a " + std::string(type),
         false});
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
  switch (rule.missing.remedy) {
    case Remedy::reject:
    case Remedy::correct:
    case Remedy::fallback:
    case Remedy::skip:
      return false;
    case Remedy::unsaid:
    case Remedy::omit:
      break;
  }
  if (rule.when.exists()) return true;
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

}  // namespace gateway::map
