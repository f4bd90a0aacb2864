#include "episode/time_rules.h"

#include <algorithm>
#include <array>

#include "base/date.h"

namespace gateway::episode {
namespace {

// Elements of type dateTime or instant in the resources of a case.
bool is_time(std::string_view name) {
  static constexpr std::array<std::string_view, 17> kNames = {
      "start",
      "end",
      "created",
      "authoredOn",
      "recorded",
      "issued",
      "sent",
      "received",
      "dateTime",
      "date",
      "authored",
      "performedDateTime",
      "onsetDateTime",
      "recordedDate",
      "effectiveDateTime",
      "occurrenceDateTime",
      "effectiveInstant"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

void add(fhir::Outcome& outcome, Json place, std::string_view rule,
         fhir::Finding finding) {
  finding.rule = rule;
  finding.type = fhir::IssueType::value;
  finding.expression = fhir::fhirpath_of(place);
  finding.span = place.span();
  outcome.add(std::move(finding));
}

void check_period(Json period, fhir::Outcome& outcome) {
  const auto start = DateTime::parse(period.get("start").text());
  const auto end = DateTime::parse(period.get("end").text());
  if (!start || !end) return;
  const auto from = start->instant();
  const auto until = end->instant();
  const bool instants = start->has_time() && end->has_time() && from && until;
  const bool days = !start->has_time() && !end->has_time();
  const bool backwards =
      (instants && *until < *from) || (days && end->date() < start->date());
  if (!backwards) return;
  add(outcome, period, "time/negative",
      {.text = "The period ends before it begins",
       .wanted = "an end that is not before the start",
       .remedy = "correct the times"});
}

void walk(Json node, fhir::Outcome& outcome) {
  if (node.is_object() && node.get("start").exists()) {
    check_period(node, outcome);
  }
  for (const Json child : node) {
    if (child.is_object() || child.is_array()) {
      walk(child, outcome);
      continue;
    }
    if (!child.is_string() || !is_time(child.name())) continue;
    const auto time = DateTime::parse(child.text());
    if (!time || !time->has_time() || time->offset_minutes) continue;
    add(outcome, child, "time/no-offset",
        {.text = "The time has no offset from UTC",
         .wanted = "a time that ends in Z or an offset as -05:00",
         .remedy = "send the offset of the facility"});
  }
}

}  // namespace

fhir::Outcome time_findings(Json resource) {
  fhir::Outcome outcome;
  walk(resource, outcome);
  return outcome;
}

}  // namespace gateway::episode
