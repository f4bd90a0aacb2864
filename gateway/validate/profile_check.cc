// What a profile adds to its type: cardinalities, types, values, members.

#include <algorithm>
#include <string>

#include "base/decimal.h"
#include "fhir/literal.h"
#include "validate/checker.h"
#include "validate/value_range.h"

namespace gateway::validate {

using fhir::ElementRow;
using fhir::IssueType;
using fhir::kNone;

namespace {

std::string profile_source(const fhir::Definitions& definitions,
                           const fhir::ShapeRow& shape) {
  return std::string(definitions.text(shape.url));
}

}  // namespace

std::uint32_t Checker::type_of(Json resource) const {
  const Json type = resource.get(definitions_.names.resource_type);
  return type.is_string() ? definitions_.type_named(type.text()) : kNone;
}

std::vector<Item> Checker::members(const Item& item, KeyId key) const {
  std::vector<Item> found;
  if (item.shape == kNone || !item.node.is_object()) return found;
  const auto& shape = definitions_.shapes[item.shape];
  for (const Json member : item.node) {
    const auto* slot = definitions_.slot(shape, member.key());
    if (slot == nullptr) continue;
    const auto& row =
        definitions_.elements[shape.elements.first + slot->element];
    if (row.key != key) continue;
    const auto& type = definitions_.types[row.types.first + slot->type];
    const bool sibling = slot->sibling != 0;
    const Json value = sibling ? item.node.get(type.key) : member;
    std::size_t index = 0;
    const auto add = [&](Json node) {
      const Json beside = value.is_array() ? value.at(index) : value;
      ++index;
      if (node.kind() == JsonKind::null) return;
      if (sibling && beside.exists() && beside.kind() != JsonKind::null) {
        return;
      }
      const bool inner =
          node.is_object() &&
          definitions_.shapes[type.shape].kind == fhir::TypeKind::resource;
      found.push_back({node, inner ? type_of(node) : type.shape, sibling});
    };
    if (!member.is_array()) {
      add(member);
      continue;
    }
    for (const Json node : member) add(node);
  }
  return found;
}

void Checker::profile(const Item& item, std::uint32_t profile,
                      const Scope& outer) {
  const bool is_inner =
      item.node != outer.resource &&
      item.node.get(definitions_.names.resource_type).exists();
  const Scope scope =
      is_inner ? entered(outer, item.node, definitions_) : outer;
  const auto& shape = definitions_.shapes[profile];
  if ((shape.flags & fhir::kConstraint) == 0) {
    if (item.shape != kNone && !definitions_.derives(item.shape, profile)) {
      findings_.add(item.node,
                    {.rule = "profile/type",
                     .text = "the profile is for another type",
                     .seen = std::string(definitions_.text(
                         definitions_.shapes[item.shape].name)),
                     .wanted = std::string(definitions_.text(shape.name)),
                     .source = profile_source(definitions_, shape)});
    }
    return;
  }
  if (item.shape != kNone && shape.type != kNone &&
      !definitions_.derives(item.shape, shape.type)) {
    findings_.add(item.node, {.rule = "profile/type",
                              .text = "the profile is for another type",
                              .seen = std::string(definitions_.text(
                                  definitions_.shapes[item.shape].name)),
                              .wanted = std::string(definitions_.text(
                                  definitions_.shapes[shape.type].name)),
                              .source = profile_source(definitions_, shape)});
    return;
  }
  const std::pair open{item.node.index(), profile};
  if (std::find(shared_.open.begin(), shared_.open.end(), open) !=
      shared_.open.end()) {
    return;
  }
  shared_.open.push_back(open);
  constraints(shape.constraints, item, scope);
  if (shape.root != kNone)
    element(item, definitions_.elements[shape.root], scope);
  profile_members(item, profile, scope);
  shared_.open.pop_back();
}

bool Checker::conforms(const Item& item, std::uint32_t profile_row,
                       const Scope& scope) {
  Findings findings(definitions_, Findings::Detail::count);
  Checker(shared_, findings).profile(item, profile_row, scope);
  return findings.errors() == 0;
}

bool Checker::satisfies(const Item& item, const ElementRow& row,
                        const Scope& scope) {
  Findings findings(definitions_, Findings::Detail::count);
  Checker(shared_, findings).element(item, row, scope);
  return findings.errors() == 0;
}

void Checker::profile_members(const Item& item, std::uint32_t shape_row,
                              const Scope& scope) {
  const auto& shape = definitions_.shapes[shape_row];
  if (!item.node.is_object() || (shape.flags & fhir::kActive) == 0) return;
  for (const auto& row : definitions_.elements.of(shape.elements)) {
    if ((row.flags & fhir::kElementActive) == 0) continue;
    const auto found = members(item, row.key);
    cardinality(found, row, item.node, definitions_.text(row.path));
    for (const auto& member : found) element(member, row, scope);
    if (row.slices.count > 0 || row.slicing != fhir::SlicingRules::none) {
      slices(found, row, item.node, scope);
    }
  }
}

void Checker::cardinality(const std::vector<Item>& items, const ElementRow& row,
                          Json parent, std::string_view what,
                          std::size_t possible) {
  if (items.size() + possible < row.min) {
    findings_.add(parent, {.rule = "profile/min",
                           .type = IssueType::required,
                           .text = std::string(what) + " is required by a "
                                                       "profile",
                           .seen = std::to_string(items.size()),
                           .wanted = "at least " + std::to_string(row.min),
                           .remedy = "add " + std::string(what)});
  }
  if (items.size() > row.max) {
    findings_.add(parent, {.rule = "profile/max",
                           .text = std::string(what) +
                                   " is given more often than a profile "
                                   "allows",
                           .seen = std::to_string(items.size()),
                           .wanted = "at most " + std::to_string(row.max)});
  }
}

void Checker::element(const Item& item, const ElementRow& row,
                      const Scope& scope) {
  if (!item.sibling_only) {
    if ((row.flags & fhir::kTypesNarrowed) != 0) types(item, row, scope);
    values(item, row);
    if (row.binding != fhir::BindingStrength::none ||
        row.max_value_set != kNone) {
      bindings_.check(item.node, row);
    }
  } else if (row.literal != kNone) {
    literal(item, row);
  }
  constraints(row.constraints, item, scope);
  if (row.shape != kNone) {
    if (definitions_.shapes[item.shape == kNone ? row.shape : item.shape]
            .kind == fhir::TypeKind::resource) {
      profile_members(item, row.shape, entered(scope, item.node, definitions_));
      return;
    }
    profile_members(item, row.shape, scope);
  }
}

void Checker::types(const Item& item, const ElementRow& row,
                    const Scope& scope) {
  std::string wanted;
  bool right_type = false;
  for (const auto& type : definitions_.types.of(row.types)) {
    if (type.shape == kNone || item.shape == kNone) return;
    if (definitions_.derives(item.shape, type.shape)) {
      right_type = true;
      if (type_fits(item, type, scope)) {
        aggregation(item, type, scope);
        return;
      }
    }
    if (!wanted.empty()) wanted += ", ";
    wanted += definitions_.text(definitions_.shapes[type.shape].name);
    for (const auto& target : definitions_.targets.of(type.profiles)) {
      wanted += " <" + std::string(definitions_.text(target.url)) + '>';
    }
    for (const auto& target : definitions_.targets.of(type.targets)) {
      wanted += " <" + std::string(definitions_.text(target.url)) + '>';
    }
  }
  // What an extension may hold is said of the extension.
  const bool of_extension =
      !right_type && definitions_.text(row.path).ends_with("xtension.value[x]");
  findings_.add_at(
      of_extension ? item.node.parent() : item.node, item.node,
      {.rule = right_type ? "profile/type-profile" : "profile/type",
       .text = right_type ? "the value fits none of the profiles allowed here"
                          : "a profile allows other types here",
       .seen =
           std::string(definitions_.text(definitions_.shapes[item.shape].name)),
       .wanted = wanted});
}

bool Checker::type_fits(const Item& item, const fhir::TypeRow& type,
                        const Scope& scope) {
  const auto profiles = definitions_.targets.of(type.profiles);
  if (!profiles.empty()) {
    const bool one = std::any_of(
        profiles.begin(), profiles.end(), [&](const fhir::TargetRow& target) {
          return target.shape == kNone || conforms(item, target.shape, scope);
        });
    if (profiles.size() == 1 && profiles.front().shape == kNone) {
      profile_not_loaded(item, profiles.front());
    }
    if (!one && profiles.size() == 1) {
      // One profile: what breaks it says more than that it is broken.
      profile(item, profiles.front().shape, scope);
      return true;
    }
    if (!one) return false;
  }
  if (type.targets.count == 0) return true;
  bool known = true;
  if (target_fits(item, type, scope, known)) return true;
  return !known && !(shared_.options.checks_profiles_of_targets &&
                     has_target_profile(type));
}

bool Checker::target_fits(const Item& item, const fhir::TypeRow& type,
                          const Scope& scope, bool& known) {
  const Json literal = item.node.get(definitions_.names.reference);
  if (!literal.is_string()) return true;
  const auto reference = literal.text();
  const Json target = references_.resolve(reference, scope);
  auto target_type = target.exists() ? type_of(target) : kNone;
  if (target_type == kNone) {
    target_type = definitions_.type_named(literal_type(reference));
  }
  if (target_type == kNone) {
    known = false;
    return false;
  }
  for (const auto& allowed : definitions_.targets.of(type.targets)) {
    if (allowed.shape == kNone) {
      known = false;
      continue;
    }
    const auto& shape = definitions_.shapes[allowed.shape];
    const bool is_profile = (shape.flags & fhir::kConstraint) != 0;
    if (!definitions_.derives(target_type,
                              is_profile ? shape.type : allowed.shape)) {
      continue;
    }
    if (!is_profile) return true;
    if (!target.exists()) {
      if (!shared_.options.checks_profiles_of_targets) return true;
      known = false;
      continue;
    }
    if (conforms({target, target_type}, allowed.shape, scope)) return true;
  }
  return false;
}

// https://hl7.org/fhir/R4/valueset-resource-aggregation-mode.html
void Checker::aggregation(const Item& item, const fhir::TypeRow& type,
                          const Scope& scope) {
  constexpr auto kModes = fhir::kContained | fhir::kReferenced | fhir::kBundled;
  const Json literal = item.node.get(definitions_.names.reference);
  if ((type.flags & kModes) == 0 || !literal.is_string()) return;
  const auto reference = literal.text();
  auto allowed_by = fhir::kReferenced;
  std::string_view seen = "a resource elsewhere";
  if (reference.starts_with('#')) {
    allowed_by = fhir::kContained;
    seen = "a contained resource";
  } else if (references_.resolve(reference, scope).exists()) {
    allowed_by = fhir::kReferenced | fhir::kBundled;
    seen = "a resource of the same Bundle";
  } else if (!scope.bundle.exists() &&
             !shared_.options.aggregation_outside_bundles) {
    return;
  }
  if ((type.flags & allowed_by) != 0) return;
  std::string wanted;
  for (const auto& [mode, name] : {std::pair{fhir::kContained, "contained"},
                                   std::pair{fhir::kReferenced, "referenced"},
                                   std::pair{fhir::kBundled, "bundled"}}) {
    if ((type.flags & mode) == 0) continue;
    if (!wanted.empty()) wanted += ", ";
    wanted += name;
  }
  findings_.add(item.node, {.rule = "reference/aggregation",
                            .text = "a profile wants what this refers to at "
                                    "another place",
                            .seen = std::string(seen),
                            .wanted = wanted});
}

bool Checker::has_target_profile(const fhir::TypeRow& type) const {
  const auto targets = definitions_.targets.of(type.targets);
  return std::any_of(
      targets.begin(), targets.end(), [this](const fhir::TargetRow& target) {
        return target.shape != kNone &&
               (definitions_.shapes[target.shape].flags & fhir::kConstraint) !=
                   0;
      });
}

// Reported once, never in a trial: what is not loaded refuses nothing there.
void Checker::profile_not_loaded(const Item& item,
                                 const fhir::TargetRow& profile) {
  if (findings_.is_trial()) return;
  findings_.add(item.node,
                {.rule = "profile/not-loaded",
                 .type = IssueType::not_found,
                 .text = "the value was not held against a profile that its "
                         "definition names: the profile is not loaded",
                 .seen = std::string(definitions_.text(profile.url)),
                 .severity = shared_.options.rigor == Rigor::reference
                                 ? fhir::Severity::error
                                 : fhir::Severity::information});
}

void Checker::literal(const Item& item, const ElementRow& row) {
  const bool fixed = (row.flags & fhir::kFixedValue) != 0;
  const bool holds =
      !item.sibling_only &&
      (fixed ? fhir::equals_literal(definitions_, item.node, row.literal)
             : fhir::matches_literal(definitions_, item.node, row.literal));
  if (holds) return;
  findings_.add(item.node,
                {.rule = fixed ? "profile/fixed" : "profile/pattern",
                 .type = IssueType::value,
                 .text = fixed ? "a profile fixes this value"
                               : "the value does not have the pattern of a "
                                 "profile",
                 .seen = "another value",
                 .wanted = fhir::literal_text(definitions_, row.literal)});
}

void Checker::values(const Item& item, const ElementRow& row) {
  if (row.literal != kNone) literal(item, row);
  if (row.max_length != kNone && item.node.is_string() &&
      code_points(item.node.text()) > row.max_length) {
    findings_.add(
        item.node,
        {.rule = "profile/max-length",
         .type = IssueType::too_long,
         .text = "the text is longer than a profile allows",
         .seen = std::to_string(code_points(item.node.text())) + " characters",
         .wanted = "at most " + std::to_string(row.max_length)});
  }
  for (const bool is_minimum : {true, false}) {
    const auto bound = is_minimum ? row.min_value : row.max_value;
    if (bound == kNone) continue;
    auto order = compare_to_literal(definitions_, item.node, bound);
    if (!order && shared_.options.today && item.node.is_string()) {
      order = compare_to_duration(definitions_, item.node, bound,
                                  *shared_.options.today, is_minimum ? -1 : 1);
    }
    if (!order || (is_minimum ? *order >= 0 : *order <= 0)) continue;
    findings_.add(
        item.node,
        {.rule = is_minimum ? "profile/min-value" : "profile/max-value",
         .type = IssueType::value,
         .text = is_minimum ? "the value is less than a profile "
                              "allows"
                            : "the value is greater than a profile "
                              "allows",
         .seen = "another value",
         .wanted = fhir::literal_text(definitions_, bound)});
  }
}

}  // namespace gateway::validate
