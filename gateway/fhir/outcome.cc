#include "fhir/outcome.h"

#include <algorithm>
#include <iterator>

#include "base/json_writer.h"

namespace gateway::fhir {
namespace {

constexpr std::string_view kAuthority =
    "http://hl7.org/fhir/StructureDefinition/operationoutcome-authority";

bool is_uri(std::string_view text) {
  return text.substr(0, 7) == "http://" || text.substr(0, 8) == "https://";
}

void append_part(std::string& out, std::string_view label,
                 std::string_view part) {
  if (part.empty()) return;
  out += "; ";
  out += label;
  out += part;
}

void write_integer_extension(JsonWriter& out, std::string_view url,
                             std::size_t value) {
  out.begin_object()
      .member("url", url)
      .key("valueUnsignedInt")
      .integer(static_cast<long long>(value))
      .end_object();
}

// The official extensions for line and column are not in R4 core, so the place
// has one of our own.
void write_place(JsonWriter& out, const Finding& finding, std::string_view base,
                 std::string_view source) {
  out.begin_object()
      .member("url", std::string(base) + "/StructureDefinition/issue-place")
      .key("extension")
      .begin_array();
  write_integer_extension(out, "offset", finding.span->begin);
  if (!source.empty()) {
    const auto at = line_column(source, finding.span->begin);
    write_integer_extension(out, "line", at.line);
    write_integer_extension(out, "column", at.column);
  }
  out.end_array().end_object();
}

// The official extension's value is a uri; sources that are sections of a
// document are named by text inside details.
void write_extensions(JsonWriter& out, const Finding& finding,
                      std::string_view base, std::string_view source) {
  if (!finding.span && !is_uri(finding.source)) return;
  out.key("extension").begin_array();
  if (is_uri(finding.source)) {
    out.begin_object()
        .member("url", kAuthority)
        .member("valueUri", finding.source)
        .end_object();
  }
  if (finding.span) write_place(out, finding, base, source);
  out.end_array();
}

void write_issue(JsonWriter& out, const Finding& finding, std::string_view base,
                 std::string_view source) {
  out.begin_object();
  write_extensions(out, finding, base, source);
  out.member("severity", code(finding.severity))
      .member("code", code(finding.type))
      .key("details")
      .begin_object();
  if (!finding.rule.empty()) {
    out.key("coding")
        .begin_array()
        .begin_object()
        .member("system", std::string(base) + "/CodeSystem/rule")
        .member("code", finding.rule)
        .end_object()
        .end_array();
  }
  out.member("text", sentence(finding)).end_object();
  if (!finding.expression.empty()) {
    out.key("expression").begin_array();
    out.string(finding.expression).end_array();
  }
  out.end_object();
}

void append_place(std::string& out, Json node) {
  const Json parent = node.parent();
  if (!parent.exists()) {
    const auto type = node.get("resourceType").text();
    out += type.empty() ? std::string_view("%resource") : type;
    return;
  }
  if (!parent.is_array()) {
    append_place(out, parent);
    out += '.';
    out += node.name();
    return;
  }
  append_place(out, parent);
  std::size_t position = 0;
  for (const Json item : parent) {
    if (item == node) break;
    ++position;
  }
  out += '[' + std::to_string(position) + ']';
}

}  // namespace

std::string_view code(Severity severity) {
  switch (severity) {
    case Severity::fatal:
      return "fatal";
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::information:
      return "information";
  }
  return "error";
}

std::string_view code(IssueType type) {
  switch (type) {
    case IssueType::invalid:
      return "invalid";
    case IssueType::structure:
      return "structure";
    case IssueType::required:
      return "required";
    case IssueType::value:
      return "value";
    case IssueType::invariant:
      return "invariant";
    case IssueType::security:
      return "security";
    case IssueType::forbidden:
      return "forbidden";
    case IssueType::not_supported:
      return "not-supported";
    case IssueType::not_found:
      return "not-found";
    case IssueType::duplicate:
      return "duplicate";
    case IssueType::conflict:
      return "conflict";
    case IssueType::too_long:
      return "too-long";
    case IssueType::too_costly:
      return "too-costly";
    case IssueType::code_invalid:
      return "code-invalid";
    case IssueType::extension:
      return "extension";
    case IssueType::business_rule:
      return "business-rule";
    case IssueType::throttled:
      return "throttled";
    case IssueType::transient:
      return "transient";
    case IssueType::exception:
      return "exception";
    case IssueType::incomplete:
      return "incomplete";
    case IssueType::informational:
      return "informational";
  }
  return "exception";
}

std::string_view code(Actor actor) {
  switch (actor) {
    case Actor::nobody:
      return "nobody";
    case Actor::sender:
      return "sender";
    case Actor::attending_physician:
      return "attending physician";
    case Actor::front_office:
      return "front office";
    case Actor::therapist:
      return "therapist";
    case Actor::biller:
      return "biller";
    case Actor::payer:
      return "payer";
    case Actor::operator_:
      return "operator";
  }
  return "operator";
}

std::string sentence(const Finding& finding) {
  std::string out = finding.text;
  append_part(out, "seen: ", finding.seen);
  append_part(out, "wanted: ", finding.wanted);
  append_part(out, "to do: ", finding.remedy);
  if (finding.actor != Actor::nobody && finding.actor != Actor::sender) {
    append_part(out, "who acts: ", code(finding.actor));
  }
  if (!is_uri(finding.source)) append_part(out, "source: ", finding.source);
  return out;
}

void Outcome::merge(Outcome other) {
  std::move(other.findings_.begin(), other.findings_.end(),
            std::back_inserter(findings_));
}

bool Outcome::acceptable() const {
  return std::none_of(findings_.begin(), findings_.end(),
                      [](const Finding& finding) {
                        return finding.severity <= Severity::error;
                      });
}

std::string to_operation_outcome(const Outcome& outcome, std::string_view base,
                                 std::string_view source) {
  JsonWriter out;
  out.begin_object()
      .member("resourceType", "OperationOutcome")
      .key("issue")
      .begin_array();
  for (const auto& finding : outcome.findings()) {
    write_issue(out, finding, base, source);
  }
  if (outcome.empty()) {
    write_issue(out,
                {.rule = {},
                 .severity = Severity::information,
                 .type = IssueType::informational,
                 .text = "nothing to correct"},
                base, {});
  }
  out.end_array().end_object();
  return out.take();
}

std::string fhirpath_of(Json node) {
  std::string out;
  if (node.exists()) append_place(out, node);
  return out;
}

}  // namespace gateway::fhir
