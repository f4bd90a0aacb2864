#include "server/v2_answer.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

namespace gateway::server {
namespace {

using parse::AckCode;
using parse::Acknowledgment;

constexpr const char* kOther = "207";   // table 0357: application error
constexpr const char* kSyntax = "199";  // table 0357: other HL7 error

// Table 0357. 207 is for what is our own trouble, and nobody's message.
const char* condition_of(fhir::IssueType type) {
  using fhir::IssueType;
  switch (type) {
    case IssueType::duplicate:
    case IssueType::conflict:
      return "205";
    case IssueType::required:
      return "101";
    case IssueType::code_invalid:
      return "103";
    case IssueType::invalid:
    case IssueType::value:
      return "102";
    case IssueType::structure:
      return "198";
    case IssueType::too_long:
      return "104";
    case IssueType::not_found:
      return "204";
    case IssueType::exception:
    case IssueType::throttled:
    case IssueType::too_costly:
    case IssueType::transient:
      return kOther;
    case IssueType::business_rule:
    case IssueType::extension:
    case IssueType::forbidden:
    case IssueType::incomplete:
    case IssueType::informational:
    case IssueType::invariant:
    case IssueType::not_supported:
    case IssueType::security:
      return "199";
  }
  return kOther;
}

// Table 0516. What was taken has no errors, whatever it is held for.
char severity_of(AckCode code, const fhir::Finding& finding) {
  if (finding.type == fhir::IssueType::informational) return 'I';
  const bool warns = finding.severity >= fhir::Severity::warning;
  return code == AckCode::AA || warns ? 'W' : 'E';
}

// Where a message is refused for what is otherwise a warning, that is why: no
// sender may take the refusal for one.
void tell_refusal(Acknowledgment& answer) {
  auto& errors = answer.errors;
  const bool told =
      std::any_of(errors.begin(), errors.end(),
                  [](const auto& one) { return one.severity == 'E'; });
  if (told || answer.code == AckCode::AA) return;
  for (auto& one : errors) {
    if (one.severity == 'W') one.severity = 'E';
  }
}

// What is wrong with one field is told once, even where it went into several
// resources; without a field, texts tell findings apart.
bool same_error(const parse::Hl7v2Error& one, const parse::Hl7v2Error& other) {
  const auto& a = one.location;
  const auto& b = other.location;
  return one.rule == other.rule && (a.field > 0 || one.text == other.text) &&
         std::tie(a.segment, a.sequence, a.field, a.repetition, a.component,
                  a.subcomponent) == std::tie(b.segment, b.sequence, b.field,
                                              b.repetition, b.component,
                                              b.subcomponent);
}

// Takes digits off the front. 0 if there are none.
std::uint32_t number(std::string_view& text) {
  std::uint32_t value = 0;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return value;
}

// Takes "[2]" off the front. 0 if it is not there.
std::uint32_t index(std::string_view& text) {
  if (!text.starts_with('[')) return 0;
  text.remove_prefix(1);
  const auto value = number(text);
  if (text.starts_with(']')) text.remove_prefix(1);
  return value;
}

std::uint32_t part(std::string_view& text) {
  if (!text.starts_with('.')) return 0;
  text.remove_prefix(1);
  return number(text);
}

bool is_segment(std::string_view name) {
  return name.size() == 3 && name[0] >= 'A' && name[0] <= 'Z' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

bool is_referral(const parse::Hl7v2Header& header) {
  return header.message_code == "REF";
}

bool is_held(const Acknowledgment& answer) {
  return std::any_of(answer.errors.begin(), answer.errors.end(),
                     [](const auto& error) { return error.severity != 'I'; });
}

// Several answers to one message: each begins with MSH.
constexpr char kBetween = '\x1e';

}  // namespace

Acknowledgment answered(AckCode code, parse::Hl7v2Error error) {
  return {.code = code, .errors = {std::move(error)}};
}

Acknowledgment unknown_sender() {
  return answered(AckCode::AR,
                  {.condition = kSyntax,
                   .rule = "security/unknown-partner",
                   .text = "no partner has this client certificate; ask the "
                           "operator to add its subject"});
}

Acknowledgment broken_frame(transport::MllpDefect defect) {
  return answered(AckCode::AR, {.condition = kSyntax,
                                .rule = "mllp/bad-frame",
                                .text = std::string(text(defect))});
}

parse::Hl7v2Location location_of(std::string_view place) {
  parse::Hl7v2Location at;
  const auto name = place.substr(0, 3);
  if (!is_segment(name)) return at;
  place.remove_prefix(3);
  at.segment = name;
  at.sequence = std::max(index(place), 1U);
  if (!place.starts_with('-')) return place.empty() ? at : decltype(at)();
  place.remove_prefix(1);
  at.field = number(place);
  at.repetition = index(place);
  at.component = part(place);
  at.subcomponent = part(place);
  if (!place.empty() || at.field == 0) return {};
  // ERL counts repetitions where components follow.
  if (at.component > 0) at.repetition = std::max(at.repetition, 1U);
  return at;
}

Acknowledgment of_outcome(AckCode code, const fhir::Outcome& outcome) {
  Acknowledgment answer{.code = code, .errors = {}};
  for (const auto& finding : outcome.findings()) {
    const bool told = finding.type == fhir::IssueType::informational;
    if (finding.severity == fhir::Severity::information && !told) continue;
    parse::Hl7v2Error error{.location = location_of(finding.expression),
                            .condition = condition_of(finding.type),
                            .severity = severity_of(code, finding),
                            .rule = finding.rule,
                            .text = sentence(finding)};
    const bool known = std::any_of(
        answer.errors.begin(), answer.errors.end(),
        [&error](const auto& other) { return same_error(error, other); });
    if (!known) answer.errors.push_back(std::move(error));
  }
  tell_refusal(answer);
  return answer;
}

fhir::Outcome findings_of(const Acknowledgment& answer) {
  fhir::Outcome outcome;
  for (const auto& error : answer.errors) {
    outcome.add({.rule = error.rule,
                 .severity = error.severity == 'E' ? fhir::Severity::error
                             : error.severity == 'W'
                                 ? fhir::Severity::warning
                                 : fhir::Severity::information,
                 .type = fhir::IssueType::invalid,
                 .text = error.text});
  }
  return outcome;
}

std::string gravest_rule(const Acknowledgment& answer) {
  constexpr std::string_view kGravestFirst = "FEWI";
  const auto gravest =
      std::min_element(answer.errors.begin(), answer.errors.end(),
                       [&](const auto& one, const auto& other) {
                         return kGravestFirst.find(one.severity) <
                                kGravestFirst.find(other.severity);
                       });
  return gravest == answer.errors.end() ? std::string() : gravest->rule;
}

AckCode code_of(int status) {
  if (status < 300) return AckCode::AA;
  if (status == 409 || status == 412 || status == 422) return AckCode::AE;
  return AckCode::AR;
}

std::vector<std::string> answers(const parse::Hl7v2Header& header,
                                 const Acknowledgment& answer,
                                 const std::function<parse::AckStamp()>& stamp,
                                 const std::string& content) {
  std::vector<std::string> messages;
  const auto demand = parse::demanded(header, answer.code);
  if (demand.accept) {
    auto accept = answer;
    accept.code = parse::accept_code(answer.code);
    messages.push_back(parse::acknowledgment(header, accept, stamp()));
  }
  if (!demand.application) return messages;
  const bool with_response = parse::is_enhanced(header) &&
                             is_referral(header) && answer.code == AckCode::AA;
  if (with_response) {
    if (const auto message = parse::Hl7v2Message::parse(content)) {
      messages.push_back(parse::referral_response(
          *message, answer, is_held(answer) ? "P" : "A", stamp()));
      return messages;
    }
  }
  messages.push_back(parse::acknowledgment(header, answer, stamp()));
  return messages;
}

std::string joined(const std::vector<std::string>& answers) {
  std::string text;
  for (const auto& answer : answers) {
    if (!text.empty()) text += kBetween;
    text += answer;
  }
  return text;
}

std::vector<std::string> parted(const std::string& text) {
  std::vector<std::string> answers;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(kBetween, at), text.size());
    answers.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return answers;
}

}  // namespace gateway::server
