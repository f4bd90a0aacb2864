#include "validate/period.h"

#include <optional>

#include "base/date.h"

namespace gateway::validate {
namespace {

bool ends_before(const DateTime& end, const DateTime& start) {
  const auto end_instant = end.instant();
  const auto start_instant = start.instant();
  if (end_instant && start_instant) return *end_instant < *start_instant;
  // One of them is a day without an offset: the days decide.
  const bool days = end.precision >= DatePrecision::day &&
                    start.precision >= DatePrecision::day;
  return days && *end.date() < *start.date();
}

std::optional<fhir::Finding> negative(Json period) {
  const Json start = period.get("start");
  const Json end = period.get("end");
  if (!start.is_string() || !end.is_string()) return std::nullopt;
  const auto from = DateTime::parse(start.text());
  const auto to = DateTime::parse(end.text());
  if (!from || !to || !ends_before(*to, *from)) return std::nullopt;
  return fhir::Finding{.rule = "time/negative",
                       .severity = fhir::Severity::error,
                       .type = fhir::IssueType::value,
                       .expression = fhir::fhirpath_of(end),
                       .span = end.span(),
                       .text = "the period ends before it starts",
                       .wanted = "an end that is not before the start",
                       .remedy = "correct the start or the end"};
}

}  // namespace

fhir::Outcome negative_periods(const JsonDocument& document) {
  fhir::Outcome outcome;
  const KeyId start = document.key_of("start");
  if (start == kNoKey) return outcome;
  for (std::uint32_t i = 0; i < document.node_count(); ++i) {
    const Json node(&document, i);
    if (node.key() != start) continue;
    if (auto finding = negative(node.parent())) {
      outcome.add(*std::move(finding));
    }
  }
  return outcome;
}

}  // namespace gateway::validate
