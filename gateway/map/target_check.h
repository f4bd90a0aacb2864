// Checks of rules against FHIR's types: members, cardinality, targets of
// references.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/type_model.h"
#include "map/rule.h"

namespace gateway::map {

// Where a rule stands in the result.
struct Target {
  fhir::TypeId type = fhir::kNoType;  // of the value; kNoType: not checked
  std::optional<fhir::TypeModel::Element> element = std::nullopt;
  std::string path;      // "Patient.name"
  bool in_list = false;  // an item of the element
};

// The element itself, not an item of it, must be there.
bool is_required(const Target& target);

// The member `name` of what `owner` stands for. Nothing, and `problem` filled,
// if that can be no name or its type has no such member.
std::optional<Target> member_target(const fhir::TypeModel* model,
                                    std::string_view name, const Target& owner,
                                    std::string& problem);

// Patient, Practitioner and all others that a map may give.
std::vector<std::string_view> resource_names(const fhir::TypeModel& model);

// True if the rule may give nothing without saying what then happens.
bool may_be_empty(const Rule& rule);

// An element that does not repeat gets one value: $each, which may give
// several, is for lists, unless first() or $when says which.
void check_each(const Rule& rule, const Target& target,
                const std::string& place, std::vector<MapProblem>& problems);

// What a leaf writes is a text, and a segment or group bears none.
void check_bears_text(const Rule& leaf, const std::string& place,
                      std::vector<MapProblem>& problems);

// Members that are the same element, of several types, are marked as its arms;
// all but one must say when they are written.
void mark_arms(const fhir::TypeModel& model, Rule& object, const Target& target,
               const std::string& place, std::vector<MapProblem>& problems);

// Required elements of an object are there, and say what happens without a
// value.
void check_required(const fhir::TypeModel& model, const Rule& rule,
                    const Target& target, const std::string& place,
                    std::vector<MapProblem>& problems);

// The element is a Reference, and may point to `type`.
void check_reference(const fhir::TypeModel& model, std::string_view type,
                     const Target& target, const std::string& place,
                     std::vector<MapProblem>& problems);

}  // namespace gateway::map
