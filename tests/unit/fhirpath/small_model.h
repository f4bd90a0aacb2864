// A type model of a few FHIR types, made without files, and expressions
// evaluated on it: what tests of FHIRPath need.

#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/definitions_writer.h"
#include "fhir/primitive.h"
#include "fhir/type_model.h"
#include "fhirpath/answer.h"
#include "fhirpath/expression.h"
#include "fhirpath/program.h"

namespace gateway::fhirpath {

class SmallModel {
 public:
  SmallModel() {
    add("Element", "", {{"id", {"string"}}, {"extension", {"Extension*"}}});
    add("BackboneElement", "Element", {});
    for (const auto* name : {"boolean", "integer", "decimal", "string", "uri",
                             "date", "dateTime", "instant", "time"}) {
      add(name, "Element", {});
    }
    for (const auto* name : {"code", "id"}) add(name, "string", {});
    add("Quantity", "Element",
        {{"value", {"decimal"}},
         {"unit", {"string"}},
         {"system", {"uri"}},
         {"code", {"code"}}});
    add("Age", "Quantity", {});
    add("Period", "Element", {{"start", {"dateTime"}}, {"end", {"dateTime"}}});
    add("Reference", "Element", {{"reference", {"string"}}});
    add("Extension", "Element",
        {{"url", {"uri"}}, {"value[x]", {"string", "boolean", "Quantity"}}});
    add("HumanName", "Element",
        {{"use", {"code"}},
         {"family", {"string"}},
         {"given", {"string*"}},
         {"period", {"Period"}}});
    add("Resource", "", {{"id", {"id"}}});
    add("DomainResource", "Resource", {{"contained", {"Resource*"}}});
    add("Patient.contact", "BackboneElement", {{"name", {"HumanName"}}});
    add("Organization", "DomainResource", {{"name", {"string"}}});
    add("Patient", "DomainResource",
        {{"active", {"boolean"}},
         {"name", {"HumanName*"}},
         {"gender", {"code"}},
         {"birthDate", {"date"}},
         {"deceased[x]", {"boolean", "dateTime"}},
         {"contact", {"Patient.contact*"}},
         {"managingOrganization", {"Reference"}}});
    add("Observation", "DomainResource",
        {{"value[x]", {"Quantity", "Period"}}, {"issued", {"instant"}}});
    finish();
  }

  [[nodiscard]] const fhir::TypeModel& model() const { return *model_; }

 private:
  struct Element {
    std::string name;
    std::vector<std::string> types;
  };

  void add(const std::string& name, const std::string& base,
           const std::vector<Element>& own) {
    numbers_[name] = static_cast<std::uint32_t>(numbers_.size());
    names_.push_back(name);
    bases_[name] = base;
    elements_[name] = base.empty() ? std::vector<Element>{} : elements_[base];
    for (const auto& element : own) elements_[name].push_back(element);
  }

  fhir::ElementRow element_row(const Element& element) {
    const auto open = element.name.find('[');
    const auto plain = element.name.substr(0, open);
    const bool choice = open != std::string::npos;
    fhir::ElementRow row;
    row.key = writer_.key(plain);
    if (choice) row.flags = fhir::kChoice;
    std::vector<fhir::TypeRow> types;
    for (auto type : element.types) {
      if (type.back() == '*') {
        type.pop_back();
        row.flags |= fhir::kArray;
      }
      auto json = plain;
      if (choice) {
        json += type;
        auto& first = json[plain.size()];
        if (first >= 'a') first = static_cast<char>(first - 'a' + 'A');
      }
      fhir::TypeRow made;
      made.shape = numbers_.at(type);
      made.key = writer_.key(json);
      if (fhir::primitive_named(type) != fhir::Primitive::none) {
        made.sibling = writer_.key("_" + json);
      }
      types.push_back(made);
    }
    row.types = writer_.types.add_all(types);
    return row;
  }

  fhir::TypeKind kind_of(const std::string& name) const {
    if (fhir::primitive_named(name) != fhir::Primitive::none) {
      return fhir::TypeKind::primitive;
    }
    if (name.find('.') != std::string::npos) return fhir::TypeKind::backbone;
    for (auto base = name; !base.empty(); base = bases_.at(base)) {
      if (base == "Resource") return fhir::TypeKind::resource;
    }
    return fhir::TypeKind::complex;
  }

  void finish() {
    writer_.key("resourceType");
    for (const auto& name : names_) {
      std::vector<fhir::ElementRow> rows;
      for (const auto& element : elements_[name]) {
        rows.push_back(element_row(element));
      }
      fhir::ShapeRow shape;
      shape.name = writer_.text(name);
      shape.base = bases_[name].empty() ? fhir::kNone : numbers_[bases_[name]];
      shape.elements = writer_.elements.add_all(rows);
      shape.kind = kind_of(name);
      shape.primitive = fhir::primitive_named(name);
      if (name == "Resource" || name == "DomainResource") {
        shape.flags = fhir::kAbstract;
      }
      writer_.index_elements(shape);
      const auto row = writer_.shapes.add(shape);
      const auto url = "http://hl7.org/fhir/StructureDefinition/" + name;
      writer_.publish(url, fhir::ArtifactKind::shape, row);
      writer_.publish(name, fhir::ArtifactKind::shape, row);
    }
    auto image = fhir::DefinitionsImage::from_bytes(writer_.finish());
    definitions_ = fhir::Definitions::from(*std::move(image));
    model_ = std::make_unique<fhir::TypeModel>(*definitions_);
  }

  fhir::DefinitionsWriter writer_;
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
  std::map<std::string, std::string> bases_;
  std::map<std::string, std::vector<Element>> elements_;
  fhir::SharedDefinitions definitions_;
  std::unique_ptr<fhir::TypeModel> model_;
};

inline const fhir::TypeModel& small_model() {
  static const SmallModel kModel;
  return kModel.model();
}

// "integer 1, string a" of the values; complex ones as "HumanName".
inline std::string shown(std::span<const Value> values, const Types& types) {
  std::string out;
  for (const auto& value : values) {
    if (!out.empty()) out += ", ";
    Quantity made;
    const bool complex = value.is_node() &&
                         (value.json().is_object() || value.json().is_array());
    out += value.type() == kUntyped
               ? types.name(system_value(value, types, made).type())
               : types.name(value.type());
    if (!complex) out += " " + text_of(value);
  }
  return out;
}

// What the expression finds in `resource` (empty: nothing), or
// "syntax error" and the like.
inline std::string found(std::string_view expression,
                         const std::string& resource = {},
                         const fhir::TypeModel* model = &small_model(),
                         const Environment& environment = {}) {
  const auto& keys = model != nullptr ? model->keys() : KeyTable::none();
  SharedDocument document;
  CompileOptions options{.model = model};
  std::string type;
  if (!resource.empty()) {
    document = *parse_shared(resource, keys);
    type = document->root().get("resourceType").text();
    if (model != nullptr) options.context = type;
  }
  Problem problem;
  const auto compiled = compile(expression, options, &problem);
  if (!compiled.ok()) return std::string(name(problem.kind)) + " error";
  const auto result = evaluate(*compiled, document ? document->root() : Json(),
                               environment, &problem);
  if (!result.ok()) return std::string(name(problem.kind)) + " error";
  return shown(result->values(), compiled->program().types);
}

struct ExpressionCase {
  std::string_view expression;
  std::string_view expected;
};

constexpr const char* kPatient = R"({
  "resourceType": "Patient", "id": "p1", "active": true,
  "contained": [{"resourceType": "Organization", "id": "o1", "name": "Acme"}],
  "name": [
    {"use": "official", "family": "Doe", "given": ["Ann", "Beth"]},
    {"use": "usual", "given": ["Annie"]},
    {"use": "maiden", "family": "Poe", "given": [null, "Beth"],
     "_given": [{"extension": [{"url": "u:why", "valueString": "unknown"}]},
                null], "period": {"end": "2002"}}],
  "gender": "female", "birthDate": "1974-12-25",
  "_birthDate": {"id": "b1",
                 "extension": [{"url": "u:hour", "valueString": "five"}]},
  "deceasedBoolean": false,
  "contact": [{"name": {"family": "Roe"}}],
  "managingOrganization": {"reference": "#o1"}})";

constexpr const char* kObservation = R"({
  "resourceType": "Observation", "id": "x",
  "valueQuantity": {"value": 185.0, "unit": "lbs",
                    "system": "http://unitsofmeasure.org", "code": "[lb_av]"}})";

// Every case of a table, on one resource.
template <std::size_t size>
void expect_found(const ExpressionCase (&cases)[size],
                  const std::string& resource = {},
                  const fhir::TypeModel* model = &small_model()) {
  for (const auto& each : cases) {
    EXPECT_EQ(found(each.expression, resource, model), each.expected)
        << each.expression;
  }
}

}  // namespace gateway::fhirpath
