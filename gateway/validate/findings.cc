#include "validate/findings.h"

#include <algorithm>
#include <utility>

#include "fhir/element_path.h"

namespace gateway::validate {

namespace {

// A document with more defects than this is not told about the rest. What is
// no error takes half of the room at most: it must never hide that there is
// one.
constexpr std::size_t kMostFindings = 1000;

}  // namespace

bool Findings::wants(fhir::Severity severity) const {
  const auto most =
      severity <= fhir::Severity::error ? kMostFindings : kMostFindings / 2;
  return detail_ == Detail::full && outcome_.findings().size() < most;
}

void Findings::add_at(Json place, Json bytes, Defect defect) {
  if (!wants(defect.severity)) {
    if (defect.severity <= fhir::Severity::error) ++errors_;
    return;
  }
  fhir::Finding finding{
      .rule = std::string(defect.rule),
      .severity = defect.severity,
      .type = defect.type,
      .expression = fhir::element_path(definitions_, place),
      .span = bytes.exists() ? std::optional(bytes.span()) : std::nullopt,
      .text = std::move(defect.text),
      .seen = std::move(defect.seen),
      .wanted = std::move(defect.wanted),
      .remedy = std::move(defect.remedy),
      .actor = fhir::Actor::sender,
      .source = std::move(defect.source)};
  const auto& known = outcome_.findings();
  if (std::find(known.begin(), known.end(), finding) != known.end()) return;
  if (finding.severity <= fhir::Severity::error) ++errors_;
  outcome_.add(std::move(finding));
}

}  // namespace gateway::validate
