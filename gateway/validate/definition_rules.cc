// What FHIR's words ask of definitions when they are themselves the data.

#include <algorithm>
#include <set>
#include <string>

#include "fhir/element_definition.h"
#include "fhir/snapshot.h"
#include "fhir/terminology.h"
#include "validate/questionnaire.h"
#include "validate/rules.h"

namespace gateway::validate {

using fhir::kNone;

namespace {

long long count_concepts(Json concepts) {
  long long count = 0;
  for (const Json item : concepts) {
    count += 1 + count_concepts(item.get("concept"));
  }
  return count;
}

// The outer form of a SNOMED CT expression constraint: behind a concept there
// is an operator, a refinement or the end.
bool is_expression(std::string_view text) {
  bool after_concept = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const auto rest = text.substr(i);
    if (c == ' ') {
      ++i;
    } else if (c >= '0' && c <= '9') {
      if (after_concept) return false;
      while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
      after_concept = true;
    } else if (c == '|') {
      i = text.find('|', i + 1);
      if (i == std::string_view::npos) return false;
      ++i;
    } else if (c == '<' || c == '>' || c == '^') {
      if (after_concept) return false;
      ++i;
    } else {
      if (rest.starts_with("!=")) ++i;
      after_concept = c == ')' || c == '}';
      ++i;
    }
  }
  return true;
}

}  // namespace

void Rules::code_system(Json node, const Scope&) {
  const Json content = node.get("content");
  const Json concepts = node.get("concept");
  const Json count = node.get("count");
  if (content.text() == "complete" && count.exists() &&
      count.text() != std::to_string(count_concepts(concepts))) {
    wrong(count, "code-system/count",
          "a complete code system has another number of codes than it says",
          std::to_string(count_concepts(concepts)));
  }
  if (content.text() == "not-present" && concepts.exists()) {
    wrong(concepts, "code-system/content",
          "the code system says that it has no content, and it has codes");
  }
  if (node.get("supplements").exists() && content.text() != "supplement") {
    wrong(content, "code-system/content",
          "what supplements another code system must say so", "supplement");
  }
  standard_properties(node);
  std::map<std::string_view, std::string_view> types;
  for (const Json property : node.get("property")) {
    types.try_emplace(property.get("code").text(), property.get("type").text());
  }
  concept_properties(concepts, types);
  if (node.get("supplements").exists()) supplemented(node);
  std::set<std::string_view> seen;
  for (const Json property : node.get("property")) {
    for (const auto* name : {"code", "uri"}) {
      const auto text = property.get(name).text();
      if (text.empty()) continue;
      if (!seen.insert(text).second) {
        wrong(property, "code-system/property", "a property is defined twice");
      }
    }
  }
}

// A concept writes a property in the type that the system gives it.
void Rules::concept_properties(
    Json concepts, const std::map<std::string_view, std::string_view>& types) {
  for (const Json item : concepts) {
    for (const Json property : item.get("property")) {
      std::string_view suffix;
      if (!fhir::member_with_prefix(property, "value", &suffix).exists()) {
        continue;
      }
      const auto known = types.find(property.get("code").text());
      if (known != types.end() &&
          fhir::choice_name("", known->second) != suffix) {
        wrong(property, "code-system/property-type",
              "the property is defined with another type",
              std::string(known->second));
      }
    }
    concept_properties(item.get("concept"), types);
  }
}

// A supplement says more of codes that there are, and adds none.
void Rules::supplemented(Json code_system) {
  const auto url = code_system.get("supplements").text();
  const auto system = url.substr(0, url.find('|'));
  for (const Json item : code_system.get("concept")) {
    if (fhir::code_exists(definitions_, system, item.get("code").text()) !=
        fhir::Membership::no) {
      continue;
    }
    wrong(item, "code-system/supplement",
          "the code system that this supplements has no such code",
          std::string(system));
  }
}

// Properties that FHIR defines have the type that it gives them.
// https://hl7.org/fhir/R4/codesystem.html#defined-props
void Rules::standard_properties(Json code_system) {
  constexpr std::string_view kDefined =
      "http://hl7.org/fhir/concept-properties#";
  for (const Json property : code_system.get("property")) {
    auto uri = property.get("uri").text();
    if (!uri.starts_with(kDefined)) continue;
    uri.remove_prefix(kDefined.size());
    std::string_view wanted = "code";
    if (uri == "notSelectable" || uri == "inactive") wanted = "boolean";
    if (uri == "effectiveDate" || uri == "deprecated" ||
        uri == "deprecationDate" || uri == "retirementDate") {
      wanted = "dateTime";
    }
    if (property.get("type").text() == wanted) continue;
    wrong(property, "code-system/property-type",
          "FHIR defines this property with another type", std::string(wanted));
  }
}

void Rules::value_set(Json node, const Scope&) {
  for (const auto* part : {"include", "exclude"}) {
    for (const Json include : node.get("compose").get(part)) {
      const Json system = include.get("system");
      if (system.is_string() &&
          system.text().find(':') == std::string_view::npos) {
        wrong(include, "value-set/system", "a system must be an absolute URI",
              "the URL of a code system");
      }
      for (const Json filter : include.get("filter")) {
        const auto property = filter.get("property").text();
        const auto value = filter.get("value").text();
        const bool is_truth = property == "notSelectable" ||
                              property == "inactive" ||
                              filter.get("op").text() == "exists";
        if (is_truth && value != "true" && value != "false") {
          wrong(filter, "value-set/filter",
                "the value of this filter must be a truth value",
                "true or false");
        }
        if (property == "constraint" && !is_expression(value)) {
          wrong(filter, "value-set/filter",
                "the value of this filter is no expression constraint");
        }
        const bool is_attribute =
            system.text() == "http://snomed.info/sct" && !property.empty() &&
            property.front() >= '0' && property.front() <= '9';
        const auto operation = filter.get("op").text();
        if (is_attribute && operation != "=" && operation != "in") {
          wrong(filter, "value-set/filter",
                "attributes of SNOMED CT know no such operation", "= or in");
        }
        if (property == "concept" &&
            fhir::code_format(system.text(), value) == fhir::Membership::no) {
          wrong(filter, "value-set/filter",
                "the value of this filter is no code of the system");
        }
      }
    }
  }
}

void Rules::concept_map(Json node, const Scope&) {
  const Json source = node.get("sourceCanonical");
  const auto set =
      source.is_string() ? definitions_.value_set_of(source.text()) : kNone;
  if (set == kNone) return;
  for (const Json group : node.get("group")) {
    for (const Json element : group.get("element")) {
      const Json code = element.get("code");
      if (code.is_string() &&
          fhir::coding_in(definitions_, set, group.get("source").text(),
                          code.text()) == fhir::Membership::no) {
        wrong(code, "concept-map/source",
              "the code is not in the source value set",
              "a code of the source value set");
      }
    }
  }
}

// A differential must fit its base: the snapshot is made to see that it does.
void Rules::structure(Json node, const Scope&) {
  if (node.get("baseDefinition").text() == node.get("url").text() &&
      node.get("baseDefinition").exists()) {
    wrong(node, "snapshot/cyclic", "the definition is based on itself");
    return;
  }
  if (!node.get("differential").get("element").exists()) return;
  const auto snapshot = fhir::make_snapshot(
      node, [this](std::string_view url) { return source(url); });
  if (!snapshot.ok()) return;
  for (const auto& finding : snapshot->outcome.findings()) {
    wrong(node, finding.rule, finding.text + ": " + finding.seen);
  }
  for (const Json element : node.get("differential").get("element")) {
    for (const Json type : element.get("type")) {
      for (const Json profile : type.get("profile")) {
        const auto shape = definitions_.shape_of(profile.text());
        const auto code = definitions_.type_named(type.get("code").text());
        if (shape == kNone || code == kNone) continue;
        const auto& row = definitions_.shapes[shape];
        const auto base =
            (row.flags & fhir::kConstraint) != 0 ? row.type : shape;
        const bool is_abstract =
            (definitions_.shapes[code].flags & fhir::kAbstract) != 0;
        if (base == code || (is_abstract && definitions_.derives(base, code))) {
          continue;
        }
        wrong(profile, "profile/type", "the profile is for another type",
              std::string(type.get("code").text()));
      }
    }
  }
}

void Rules::questionnaire_response(Json node, const Scope& scope) {
  const Json url = node.get("questionnaire");
  if (!url.is_string()) return;
  const Json questionnaire = url.text().starts_with('#')
                                 ? references_.resolve(url.text(), scope)
                                 : source(url.text());
  if (questionnaire.get("resourceType").text() != "Questionnaire") return;
  QuestionnaireCheck(definitions_, findings_, node).run(questionnaire);
}

void Rules::search_parameter(Json node, const Scope&) {
  if (node.get("type").text() == "composite" &&
      node.get("component").size() < 2) {
    wrong(node, "search-parameter/components",
          "a search parameter of type composite is made of others",
          "two components or more");
  }
  const Json derived = node.get("derivedFrom");
  if (!derived.is_string()) return;
  const Json origin = source(derived.text());
  if (!origin.exists()) return;
  for (const Json type : node.get("base")) {
    bool found = false;
    for (const Json known : origin.get("base")) {
      found |= known.text() == type.text() || known.text() == "Resource";
    }
    if (found) continue;
    wrong(node, "search-parameter/base",
          "the parameter that this is derived from has no such base");
  }
}

void Rules::capability_statement(Json node, const Scope&) {
  for (const Json rest : node.get("rest")) {
    for (const Json resource : rest.get("resource")) {
      for (const Json parameter : resource.get("searchParam")) {
        const Json definition = parameter.get("definition");
        if (!definition.is_string()) continue;
        const Json known = source(definition.text());
        if (!known.exists() ||
            known.get("type").text() == parameter.get("type").text()) {
          continue;
        }
        wrong(parameter, "capability/search-type",
              "the search parameter is defined with another type",
              std::string(known.get("type").text()));
      }
    }
  }
}

}  // namespace gateway::validate
