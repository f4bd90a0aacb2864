// What FHIR's words ask of definitions when they are themselves the data.

#include <algorithm>
#include <string>

#include "fhir/snapshot.h"
#include "fhir/terminology.h"
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
  std::vector<std::string_view> seen;
  for (const Json property : node.get("property")) {
    for (const auto* name : {"code", "uri"}) {
      const auto text = property.get(name).text();
      if (text.empty()) continue;
      if (std::find(seen.begin(), seen.end(), text) != seen.end()) {
        wrong(property, "code-system/property", "a property is defined twice");
      }
      seen.push_back(text);
    }
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

void Rules::measure_report(Json node, const Scope&) {
  if (node.get("type").text() == "subject-list") return;
  for (const Json group : node.get("group")) {
    for (const Json population : group.get("population")) {
      if (!population.get("subjectResults").exists()) continue;
      wrong(population, "measure-report/subjects",
            "only a report of type subject-list lists its subjects");
    }
  }
}

// A differential must fit its base: the snapshot is made to see that it does.
void Rules::structure(Json node, const Scope&) {
  if (!node.get("differential").get("element").exists()) return;
  std::vector<SharedDocument> documents;
  const auto find = [&](std::string_view url) -> Json {
    const auto* artifact = definitions_.artifact(url);
    if (artifact != nullptr && artifact->source.length == 0) {
      artifact = definitions_.artifact(
          "http://hl7.org/fhir/StructureDefinition/" + std::string(url));
    }
    if (artifact == nullptr || artifact->kind != fhir::ArtifactKind::shape) {
      return {};
    }
    auto document =
        parse_shared(std::string(definitions_.text(artifact->source)));
    if (!document.ok()) return {};
    documents.push_back(*std::move(document));
    return documents.back()->root();
  };
  const auto snapshot = fhir::make_snapshot(node, find);
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
        if (definitions_.derives(base, code)) continue;
        wrong(profile, "profile/type", "the profile is for another type",
              std::string(type.get("code").text()));
      }
    }
  }
}

}  // namespace gateway::validate
