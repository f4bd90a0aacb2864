#include "validate/definition_check.h"

#include <string>
#include <string_view>
#include <utility>

namespace gateway::validate {
namespace {

using fhir::ArtifactKind;
using fhir::kNone;

constexpr std::string_view kSystemTypes = "http://hl7.org/fhirpath/System.";

class Check {
 public:
  Check(fhir::DefinitionsWriter& writer, fhir::Outcome& outcome)
      : writer_(writer), outcome_(outcome) {}

  void run(Json definition) {
    url_ = definition.get("url").text();
    for (const Json element : definition.get("snapshot").get("element")) {
      types(element);
      binding(element);
    }
  }

 private:
  void types(Json element) {
    std::size_t index = 0;
    for (const Json type : element.get("type")) {
      const auto place = ".type[" + std::to_string(index++) + "].code";
      const auto code = type.get("code").text();
      if (code.empty() || code.starts_with(kSystemTypes) ||
          writer_.find(code, ArtifactKind::shape) != kNone) {
        continue;
      }
      report(element, place, "definition/unknown-type",
             "no package defines this type: what has it is not checked", code);
    }
  }

  void binding(Json element) {
    const Json binding = element.get("binding");
    if (binding.get("strength").text() != "required") return;
    auto set = binding.get("valueSet").text();
    set = set.substr(0, set.find('|'));
    if (!set.empty() && writer_.find(set, ArtifactKind::value_set) != kNone) {
      return;
    }
    report(element, ".binding.valueSet", "definition/unknown-value-set",
           "a required binding names a value set that no package defines: its "
           "codes are not checked",
           set.empty() ? "no value set" : set);
  }

  void report(Json element, const std::string& member, std::string_view rule,
              std::string text, std::string_view seen) {
    auto id = element.get("id").text();
    if (id.empty()) id = element.get("path").text();
    outcome_.add({.rule = std::string(rule),
                  .severity = fhir::Severity::warning,
                  .type = fhir::IssueType::not_found,
                  .expression = std::string(id) + member,
                  .span = element.span(),
                  .text = std::move(text),
                  .seen = std::string(seen) + " in " + std::string(url_),
                  .wanted = {},
                  .remedy = "correct the name, or load the package that "
                            "defines it",
                  .actor = fhir::Actor::operator_,
                  .source = {}});
  }

  fhir::DefinitionsWriter& writer_;
  fhir::Outcome& outcome_;
  std::string_view url_;
};

}  // namespace

void check_definitions(const std::vector<Json>& structures,
                       fhir::DefinitionsWriter& writer,
                       fhir::Outcome& outcome) {
  Check check(writer, outcome);
  for (const Json definition : structures) check.run(definition);
}

}  // namespace gateway::validate
