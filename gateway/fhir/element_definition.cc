#include "fhir/element_definition.h"

#include <charconv>

namespace gateway::fhir {
namespace {

constexpr std::string_view kFhirType =
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";
constexpr std::string_view kMaxValueSet =
    "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet";
constexpr std::string_view kBestPractice =
    "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice";
constexpr std::string_view kSystemTypes = "http://hl7.org/fhirpath/System.";

std::uint32_t cardinality(std::string_view text, std::uint32_t missing) {
  if (text.empty()) return missing;
  if (text == "*") return kUnbounded;
  std::uint32_t value = missing;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::string_view> texts(Json array) {
  std::vector<std::string_view> found;
  for (const Json item : array) found.push_back(item.text());
  return found;
}

std::uint32_t aggregation(Json modes) {
  std::uint32_t bits = 0;
  for (const Json mode : modes) {
    if (mode.text() == "contained") bits |= kContained;
    if (mode.text() == "referenced") bits |= kReferenced;
    if (mode.text() == "bundled") bits |= kBundled;
  }
  return bits;
}

std::string_view system_type(std::string_view name) {
  if (name == "Boolean") return "boolean";
  if (name == "Integer") return "integer";
  if (name == "Decimal") return "decimal";
  if (name == "Date") return "date";
  if (name == "DateTime") return "dateTime";
  if (name == "Time") return "time";
  return "string";
}

ElementType read_type(Json type, std::string_view base_path) {
  ElementType read{type.get("code").text(), texts(type.get("profile")),
                   texts(type.get("targetProfile")),
                   aggregation(type.get("aggregation"))};
  if (!read.code.starts_with(kSystemTypes)) return read;
  const Json fhir_type = extension_of(type, kFhirType);
  const Json named = member_with_prefix(fhir_type, "value");
  read.code = named.exists()
                  ? named.text()
                  : system_type(read.code.substr(kSystemTypes.size()));
  // R4's definition of Resource.id says string, and its text says id.
  if (base_path == "Resource.id") read.code = "id";
  return read;
}

ElementConstraint read_constraint(Json constraint) {
  const Json best = extension_of(constraint, kBestPractice);
  return {constraint.get("key").text(),
          constraint.get("human").text(),
          constraint.get("expression").text(),
          constraint.get("source").text(),
          constraint.get("severity").text() == "warning",
          best.get("valueBoolean").text() == "true"};
}

BindingStrength strength(std::string_view code) {
  if (code == "required") return BindingStrength::required;
  if (code == "extensible") return BindingStrength::extensible;
  if (code == "preferred") return BindingStrength::preferred;
  if (code == "example") return BindingStrength::example;
  return BindingStrength::none;
}

DiscriminatorType discriminator_type(std::string_view code) {
  if (code == "exists") return DiscriminatorType::exists;
  if (code == "pattern") return DiscriminatorType::pattern;
  if (code == "type") return DiscriminatorType::type;
  if (code == "profile") return DiscriminatorType::profile;
  return DiscriminatorType::value;
}

ElementSlicing read_slicing(Json slicing) {
  ElementSlicing read;
  if (!slicing.exists()) return read;
  const auto rules = slicing.get("rules").text();
  read.rules = rules == "closed"      ? SlicingRules::closed
               : rules == "openAtEnd" ? SlicingRules::open_at_end
                                      : SlicingRules::open;
  read.is_ordered = slicing.get("ordered").text() == "true";
  for (const Json item : slicing.get("discriminator")) {
    read.discriminators.push_back(
        {discriminator_type(item.get("type").text()), item.get("path").text()});
  }
  return read;
}

std::string_view behind_hash(std::string_view reference) {
  const auto hash = reference.find('#');
  return hash == std::string_view::npos ? reference
                                        : reference.substr(hash + 1);
}

void read_cardinality(Json element, ElementDefinition& read) {
  read.min = cardinality(element.get("min").text(), 0);
  read.max = cardinality(element.get("max").text(), kUnbounded);
  const Json base = element.get("base");
  read.base_path = base.get("path").text();
  read.base_min = cardinality(base.get("min").text(), read.min);
  read.base_max = cardinality(base.get("max").text(), read.max);
}

}  // namespace

std::string_view ElementDefinition::name() const {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

ElementDefinition read_element(Json element) {
  ElementDefinition read;
  read.id = element.get("id").text();
  read.path = element.get("path").text();
  read.slice_name = element.get("sliceName").text();
  read.content_reference = behind_hash(element.get("contentReference").text());
  read_cardinality(element, read);
  for (const Json type : element.get("type")) {
    read.types.push_back(read_type(type, read.base_path));
  }
  for (const Json constraint : element.get("constraint")) {
    read.constraints.push_back(read_constraint(constraint));
  }
  const Json binding = element.get("binding");
  read.binding = {
      strength(binding.get("strength").text()), binding.get("valueSet").text(),
      member_with_prefix(extension_of(binding, kMaxValueSet), "value").text()};
  read.slicing = read_slicing(element.get("slicing"));
  read.fixed = member_with_prefix(element, "fixed");
  read.pattern = member_with_prefix(element, "pattern");
  read.min_value = member_with_prefix(element, "minValue");
  read.max_value = member_with_prefix(element, "maxValue");
  read.max_length = cardinality(element.get("maxLength").text(), kNone);
  read.is_modifier = element.get("isModifier").text() == "true";
  read.must_support = element.get("mustSupport").text() == "true";
  return read;
}

std::vector<ElementDefinition> snapshot_elements(Json structure_definition) {
  std::vector<ElementDefinition> elements;
  const Json snapshot = structure_definition.get("snapshot").get("element");
  elements.reserve(snapshot.size());
  for (const Json element : snapshot) elements.push_back(read_element(element));
  return elements;
}

std::string choice_name(std::string_view name, std::string_view type) {
  std::string joined(name);
  if (type.empty()) return joined;
  const char first = type.front();
  joined.push_back(first >= 'a' && first <= 'z'
                       ? static_cast<char>(first - 'a' + 'A')
                       : first);
  return joined.append(type.substr(1));
}

Json member_with_prefix(Json object, std::string_view prefix,
                        std::string_view* suffix) {
  for (const Json member : object) {
    const auto name = member.name();
    if (!name.starts_with(prefix) || name.size() == prefix.size()) continue;
    if (suffix != nullptr) *suffix = name.substr(prefix.size());
    return member;
  }
  return {};
}

Json extension_of(Json object, std::string_view url) {
  for (const Json extension : object.get("extension")) {
    if (extension.get("url").text() == url) return extension;
  }
  return {};
}

}  // namespace gateway::fhir
