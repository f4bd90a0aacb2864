#include "exchange/terminology_input.h"

#include <utility>

#include "fhir/nearest.h"

namespace gateway::exchange {
namespace {

using fhir::IssueType;
using fhir::kNone;

Refusal missing(std::string_view what, std::string wanted) {
  return refusal(400, {.rule = "operation/missing-parameter",
                       .type = IssueType::required,
                       .expression = std::string(what),
                       .text = "the operation was not told what it is about",
                       .wanted = std::move(wanted)});
}

AskedCode asked_coding(Json coding) {
  return {.system = std::string(coding.get("system").text()),
          .version = std::string(coding.get("version").text()),
          .code = std::string(coding.get("code").text()),
          .display = std::string(coding.get("display").text()),
          .place = fhir::fhirpath_of(coding) + ".code"};
}

}  // namespace

Versioned versioned(std::string_view canonical) {
  const auto bar = canonical.find('|');
  if (bar == std::string_view::npos) return {canonical, {}};
  return {canonical.substr(0, bar), canonical.substr(bar + 1)};
}

bool is_other_version(std::string_view asked, std::string_view held) {
  if (asked.empty() || held.empty() || asked == held) return false;
  return !held.starts_with(std::string(asked) + '.');
}

fhir::Finding other_version(std::string place, std::string_view held) {
  return {.rule = "terminology/other-version",
          .type = IssueType::not_found,
          .expression = std::move(place),
          .text = "this version is not held here",
          .wanted = "version " + std::string(held) + ", or none",
          .remedy =
              "ask for the version that is held, or load the other into "
              "the image"};
}

OrRefusal<ChosenValueSet> value_set_parameter(
    const OperationInput& input, const fhir::SharedDefinitions& shared) {
  const Json posted = posted_value_set(input);
  if (posted.exists()) return compile_value_set(posted, shared);
  const auto url = input.text("url");
  if (url.empty()) {
    return missing("url",
                   "url, the canonical URL of a value set, or valueSet, the "
                   "value set itself");
  }
  const auto& definitions = *shared;
  const auto found = definitions.value_set_of(url);
  if (found != kNone) {
    const auto held = definitions.text(definitions.value_sets[found].version);
    if (!is_other_version(versioned(url).version, held)) {
      return ChosenValueSet{shared, found};
    }
    return refusal(404, other_version(input.place("url"), held));
  }
  std::vector<std::string_view> known;
  for (std::uint32_t i = 0; i < definitions.value_sets.size(); ++i) {
    known.push_back(definitions.text(definitions.value_sets[i].url));
  }
  const auto near = fhir::nearest(url, known);
  return refusal(
      404,
      {.rule = "terminology/unknown-value-set",
       .type = IssueType::not_found,
       .expression = input.place("url"),
       .text = "there is no such value set here",
       .remedy = near.empty() ? std::string("load its package into the image")
                              : "did you mean " + std::string(near) + "?"});
}

OrRefusal<std::vector<AskedCode>> asked_codes(const OperationInput& input,
                                              std::string_view system) {
  std::vector<AskedCode> codes;
  const auto code = input.text("code");
  if (!code.empty()) {
    const auto [url, version] = versioned(input.text(system));
    const auto own = version.empty() ? input.text("version") : version;
    codes.push_back({.system = std::string(url),
                     .version = std::string(own),
                     .code = std::string(code),
                     .display = std::string(input.text("display")),
                     .place = input.place("code")});
    return codes;
  }
  const Json coding = input.value("coding");
  if (coding.is_object()) codes.push_back(asked_coding(coding));
  for (const Json one : input.value("codeableConcept").get("coding")) {
    codes.push_back(asked_coding(one));
  }
  if (codes.empty()) {
    return missing("code", "code with its " + std::string(system) +
                               ", coding, or codeableConcept");
  }
  for (const auto& asked : codes) {
    if (!asked.code.empty()) continue;
    return refusal(400, {.rule = "operation/bad-parameter",
                         .type = IssueType::required,
                         .expression = asked.place,
                         .text = "a coding without code cannot be looked up"});
  }
  return codes;
}

}  // namespace gateway::exchange
