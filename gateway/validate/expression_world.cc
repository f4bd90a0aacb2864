#include "validate/expression_world.h"

#include "fhir/terminology.h"
#include "validate/narrative.h"

namespace gateway::validate {
namespace {

using fhir::kNone;

std::optional<bool> known(fhir::Membership found) {
  if (found == fhir::Membership::unknown) return std::nullopt;
  return found == fhir::Membership::yes;
}

std::optional<bool> conforms(const Validator& validator,
                             const fhirpath::Value& value,
                             std::string_view url) {
  const auto& definitions = validator.definitions();
  const auto profile = definitions.shape_of(url);
  if (profile == kNone || !value.is_node()) return std::nullopt;
  const auto& shape = definitions.shapes[profile];
  if ((shape.flags & fhir::kConstraint) == 0) {
    return definitions.derives(value.type(), profile);
  }
  return validator.against(value.json(), url).acceptable();
}

}  // namespace

std::optional<bool> is_member(const fhir::Definitions& definitions,
                              const fhirpath::Value& value,
                              std::string_view url) {
  const auto set = definitions.value_set_of(url);
  if (set == kNone) return std::nullopt;
  if (value.is(fhirpath::ValueKind::string)) {
    return known(fhir::code_in(definitions, set, value.string()));
  }
  if (!value.is_node()) return std::nullopt;
  const Json node = value.json();
  if (node.is_string()) {
    return known(fhir::code_in(definitions, set, node.text()));
  }
  const auto& names = definitions.names;
  const auto coding_in = [&](Json coding) {
    return known(fhir::coding_in(definitions, set,
                                 coding.get(names.system).text(),
                                 coding.get(names.code).text()));
  };
  const Json codings = node.get(names.coding);
  if (!codings.exists()) return coding_in(node);
  std::optional<bool> best = false;
  for (const Json coding : codings) {
    const auto found = coding_in(coding);
    if (found == true) return true;
    if (!found) best = std::nullopt;
  }
  return best;
}

fhirpath::Environment expression_world(const Validator& validator) {
  fhirpath::Environment environment;
  environment.member_of = [&validator](const fhirpath::Value& value,
                                       std::string_view url) {
    return is_member(validator.definitions(), value, url);
  };
  environment.conforms_to = [&validator](const fhirpath::Value& value,
                                         std::string_view url) {
    return conforms(validator, value, url);
  };
  environment.html_checks = [](const fhirpath::Value& value) {
    return !value.is_node() || narrative_defect(value.json().text()).empty();
  };
  return environment;
}

}  // namespace gateway::validate
