#include "map/target_check.h"

#include <algorithm>

#include "fhir/primitive.h"
#include "fhir/terminology.h"
#include "map/element_name.h"
#include "map/rule_compiler.h"
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

// A leaf, object or list that is always written, or says what else happens.
bool is_certain(const Rule& rule) {
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
              suggestion(name, member_names(*model, owner.type));
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

void check_code(const TypeModel& model, std::string_view code,
                const Target& target, const std::string& place,
                std::vector<MapProblem>& problems) {
  if (!target.element || target.type == fhir::kNoType) return;
  if (code.empty()) return;  // a row of a table that says: nothing
  const auto& row = target.element->row();
  if (row.binding != fhir::BindingStrength::required ||
      row.value_set == fhir::kNone ||
      model.primitive(target.type) != fhir::Primitive::code) {
    return;
  }
  if (fhir::code_in(model.definitions(), row.value_set, code) !=
      fhir::Membership::no) {
    return;
  }
  const auto all = fhir::expand(model.definitions(), row.value_set, 100);
  std::vector<std::string_view> codes;
  for (const auto& known : all.codes) codes.push_back(known.code);
  problems.push_back(
      {place,
       "\"" + std::string(code) + "\" is not a code of " + target.path + " (" +
           std::string(model.definitions().text(row.value_set_url)) + ")" +
           suggestion(code, codes),
       false});
}

void check_literal(const TypeModel& model, const Rule& rule,
                   const Target& target, const std::string& place,
                   std::vector<MapProblem>& problems) {
  if (target.type == fhir::kNoType ||
      model.kind(target.type) != fhir::TypeKind::primitive) {
    return;
  }
  const auto& text = rule.from.text();
  if (fhir::format_defect(model.primitive(target.type), text) !=
      fhir::FormatDefect::none) {
    problems.push_back(
        {place,
         "\"" + text + "\" is no " + std::string(model.name(target.type)) +
             ", which " + target.path + " must be: " +
             std::string(fhir::format_hint(model.primitive(target.type))),
         false});
    return;
  }
  check_code(model, text, target, place, problems);
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
    } else if (!is_certain(*written)) {
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

}  // namespace gateway::map
