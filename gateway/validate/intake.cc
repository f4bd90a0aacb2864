#include "validate/intake.h"

#include <utility>

namespace gateway::validate {
namespace {

using fhir::Finding;
using fhir::Severity;

constexpr std::string_view kCpt = "http://www.ama-assn.org/go/cpt";

// FHIR's own rule for periods has a name of ours, since a period that ends
// before it starts is a slip that senders make often.
Finding named_our_way(Finding finding) {
  if (finding.rule != "invariant/per-1") return finding;
  finding.rule = "time/negative";
  finding.text = "the period ends before it starts";
  finding.seen.clear();
  finding.wanted = "an end that is not before the start";
  finding.remedy = "correct the start or the end";
  return finding;
}

bool has_system(Json concept_, std::string_view system) {
  for (const Json coding : concept_.get("coding")) {
    if (coding.get("system").text() == system) return true;
  }
  return false;
}

// Our profile of what senders bring; empty for what is no part of a case.
std::string_view profile_for(Json resource, const std::string& base) {
  const auto type = resource.get("resourceType").text();
  if (type == "ServiceRequest") return "wc-referral";
  if (type == "Coverage") return "wc-coverage";
  if (type == "ClaimResponse") {
    return resource.get("use").text() == "preauthorization" ? "wc-authorization"
                                                            : "";
  }
  const Json code = resource.get("code");
  const bool session =
      type == "Procedure" && (has_system(code, base + "/CodeSystem/program") ||
                              has_system(code, kCpt));
  return session ? "wc-session" : "";
}

// A period of HL7 v2 that ends before it begins is stored without its end
// (extension end-as-sent). A session's is judged with the session.
void add_backward_periods(Json node, const std::string& url,
                          fhir::Outcome& outcome) {
  for (const Json child : node) add_backward_periods(child, url, outcome);
  if (node.name() != "_end" || !node.is_object()) return;
  for (const Json extension : node.get("extension")) {
    if (extension.get("url").text() != url) continue;
    outcome.add(named_our_way({.rule = "invariant/per-1",
                               .severity = Severity::warning,
                               .type = fhir::IssueType::value,
                               .expression = fhir::fhirpath_of(node.parent()),
                               .span = node.parent().span()}));
  }
}

bool claims(Json resource, std::string_view url) {
  for (const Json claimed : resource.get("meta").get("profile")) {
    const auto text = claimed.text();
    if (text.substr(0, text.find('|')) == url) return true;
  }
  return false;
}

}  // namespace

LocalDate utc_day(Instant now) {
  return LocalDate(std::chrono::local_days(
      std::chrono::floor<std::chrono::days>(now).time_since_epoch()));
}

fhir::Outcome Intake::judge(const JsonDocument& document, Instant now,
                            const ValidateOptions& options) const {
  fhir::Outcome outcome = validator_.validate(document, options);
  if (outcome.empty()) return outcome;
  fhir::Outcome named;
  for (auto finding : outcome.findings()) {
    named.add(named_our_way(std::move(finding)));
  }
  return waivers_.applied(std::move(named), utc_day(now));
}

fhir::Outcome Intake::held(Json resource, Instant now) const {
  const auto profile = profile_for(resource, base_);
  if (profile.empty()) return {};
  const auto url = base_ + "/StructureDefinition/" + std::string(profile);
  if (claims(resource, url)) return {};
  auto found = validator_.against(resource, url);
  fhir::Outcome held;
  if (profile != "wc-session") {
    add_backward_periods(resource, base_ + "/StructureDefinition/end-as-sent",
                         held);
  }
  for (auto finding : found.findings()) {
    if (finding.severity > Severity::error) continue;
    finding.severity = Severity::warning;
    finding.source = url;
    held.add(named_our_way(std::move(finding)));
  }
  return waivers_.applied(std::move(held), utc_day(now));
}

}  // namespace gateway::validate
