#include "fhirpath/types.h"

#include "fhirpath/value.h"

namespace gateway::fhirpath {

Types::Types(const fhir::TypeModel* model) : model_(model) {
  if (model == nullptr) return;
  quantity_ = known("Quantity");
  resource_ = known("Resource");
  domain_resource_ = known("DomainResource");
  extension_ = known("Extension");
  string_ = known("string");
  id_ = known("id");
}

TypeId Types::known(std::string_view name) const { return model_->find(name); }

bool Types::is_a(TypeId type, TypeId ancestor) const {
  if (type == ancestor) return true;
  return is_model_type(type) && is_model_type(ancestor) &&
         model_->is_a(type, ancestor);
}

// "Timing.repeat" is found from Timing on.
TypeId Types::inner(std::string_view name) const {
  const auto known_type = model_->find(name);
  auto dot = name.find('.');
  if (known_type != kUntyped || dot == std::string_view::npos) {
    return known_type;
  }
  auto type = model_->find(name.substr(0, dot));
  while (type != kUntyped && dot != std::string_view::npos) {
    name.remove_prefix(dot + 1);
    dot = name.find('.');
    const auto element = model_->element(type, name.substr(0, dot));
    type = element && element->type_count() == 1 ? element->type(0).type
                                                 : kUntyped;
  }
  return type;
}

TypeId Types::find(std::string_view name) const {
  constexpr std::string_view kSystem = "System.";
  constexpr std::string_view kFhir = "FHIR.";
  const bool system = name.starts_with(kSystem);
  const bool fhir = name.starts_with(kFhir);
  if (system) name.remove_prefix(kSystem.size());
  if (fhir) name.remove_prefix(kFhir.size());
  if (!system && model_ != nullptr) {
    const auto found = inner(name);
    if (found != kUntyped) return found;
  }
  for (std::size_t i = 1; i < kValueKinds; ++i) {
    const auto kind = static_cast<ValueKind>(i);
    if (system_name(kind) == name) return fhir ? kNoValues : system_type(kind);
  }
  const bool other =
      system && model_ != nullptr && model_->find(name) != kUntyped;
  return other ? kNoValues : kUntyped;
}

std::string_view Types::name(TypeId type) const {
  if (type == kNoValues) return {};
  if (is_system(type)) {
    return system_name(static_cast<ValueKind>(type - kSystemTypes));
  }
  return model_ != nullptr ? model_->name(type) : std::string_view();
}

}  // namespace gateway::fhirpath
