#include "exchange/posted_value_set.h"

#include <string>
#include <utility>

#include "fhir/definition_set.h"
#include "validate/image_compiler.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;

// The name of one that has none of its own.
constexpr std::string_view kNameless = "urn:workgate:posted-value-set";

Refusal unusable(Json value_set, std::string text, std::string wanted) {
  return refusal(422, {.rule = "terminology/bad-value-set",
                       .type = IssueType::invalid,
                       .expression = fhir::fhirpath_of(value_set),
                       .span = value_set.span(),
                       .text = std::move(text),
                       .wanted = std::move(wanted)});
}

// The compiler's finding, with its place in the whole body.
fhir::Finding placed(fhir::Finding finding, Json value_set,
                     std::size_t inserted) {
  constexpr std::string_view kType = "ValueSet";
  if (finding.expression.starts_with(kType)) {
    finding.expression.replace(0, kType.size(), fhir::fhirpath_of(value_set));
  }
  if (finding.span) {
    const auto moved =
        value_set.span().begin - static_cast<std::uint32_t>(inserted);
    finding.span =
        ByteSpan{finding.span->begin + moved, finding.span->end + moved};
  }
  finding.severity = fhir::Severity::error;
  finding.actor = fhir::Actor::sender;
  finding.remedy =
      "correct the value set, or load what it refers to into the "
      "image";
  return finding;
}

}  // namespace

Json posted_value_set(const OperationInput& input) {
  return input.resource.exists() ? input.resource : input.value("valueSet");
}

std::string_view own_url(std::string_view url) {
  return url == kNameless ? std::string_view() : url;
}

OrRefusal<ChosenValueSet> compile_value_set(
    Json value_set, const fhir::SharedDefinitions& definitions) {
  if (value_set.get("resourceType").text() != "ValueSet") {
    return unusable(value_set, "the resource is no value set", "a ValueSet");
  }
  if (!value_set.get("compose").is_object() &&
      !value_set.get("expansion").is_object()) {
    return unusable(value_set, "the value set does not say what is in it",
                    "ValueSet.compose or ValueSet.expansion");
  }
  auto url = std::string(value_set.get("url").text());
  auto text = std::string(value_set.raw());
  std::string insertion;
  if (url.empty()) {
    if (value_set.get("url").exists()) {
      return unusable(value_set.get("url"), "the URL is no text", "a URI");
    }
    url = kNameless;
    insertion = "\"url\":\"" + url + "\",";
    text.insert(1, insertion);
  }
  fhir::DefinitionSet set;
  const auto added = set.add_text(std::move(text), "the request");
  if (!added.ok()) return refusal_of(added.error());
  auto compiled = validate::compile(set, definitions);
  if (!compiled.ok()) return refusal_of(compiled.error());
  Refusal refused{.status = 422, .outcome = {}};
  for (const auto& finding : compiled->outcome.findings()) {
    refused.outcome.add(placed(finding, value_set, insertion.size()));
  }
  if (!refused.outcome.empty()) return refused;
  const auto row = compiled->definitions->value_set_of(url);
  return ChosenValueSet{compiled->definitions, row};
}

}  // namespace gateway::exchange
