#include "map/map_verdict.h"

#include <algorithm>
#include <utility>

namespace gateway::map {
namespace {

fhir::Finding told(std::string text, fhir::Finding finding) {
  finding.rule = "map/passed";
  finding.severity = fhir::Severity::information;
  finding.type = fhir::IssueType::informational;
  finding.text = std::move(text);
  finding.wanted.clear();
  finding.remedy.clear();
  finding.actor = fhir::Actor::nobody;
  return finding;
}

}  // namespace

void add_finding(MapOutput& output, const MapLibrary& library, const Rule& rule,
                 const Otherwise& otherwise, fhir::Finding finding) {
  finding.source = library.text_of(rule.place);
  const bool reject = otherwise.remedy == Remedy::reject;
  if (!reject && otherwise.remedy != Remedy::correct) {
    output.outcome.add(told(otherwise.text, std::move(finding)));
    return;
  }
  if (!otherwise.text.empty()) finding.remedy = otherwise.text;
  finding.severity = reject ? fhir::Severity::error : fhir::Severity::warning;
  const auto verdict = reject ? Verdict::reject : Verdict::correct;
  output.verdict = std::max(output.verdict, verdict);
  if (!reject && &otherwise == &rule.unmapped) {
    output.missing_rows.push_back(
        missing_row(library.table_name(rule.table), finding));
  }
  output.outcome.add(std::move(finding));
}

void add_unread(MapOutput& output, const MapLibrary& library, const Rule& rule,
                fhir::Finding invalid) {
  invalid.source = library.text_of(rule.place);
  output.outcome.add(
      told("This cannot be read: " + rule.path + " is written without it",
           std::move(invalid)));
}

void add_second_arm(MapOutput& output, const MapLibrary& library,
                    const Rule& rule, ByteSpan span) {
  add_finding(output, library, rule, {Remedy::correct, {}, {}},
              two_types_finding(rule, span));
}

}  // namespace gateway::map
