#include "validate/request.h"

#include <utility>

#include "base/json_writer.h"
#include "fhir/definition_set.h"
#include "validate/image_compiler.h"

namespace gateway::validate {
namespace {

std::string text_or_json(Json value) {
  return std::string(value.is_string() ? value.text() : value.raw());
}

// Comments become spaces, so that places stay what they are.
std::string without_comments(std::string text) {
  bool in_string = false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (in_string) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '"') {
        in_string = false;
      }
      continue;
    }
    in_string = text[i] == '"';
    const bool is_line = text[i] == '/' && text[i + 1] == '/';
    const bool is_block = text[i] == '/' && text[i + 1] == '*';
    if (!is_line && !is_block) continue;
    auto end = is_line ? text.find('\n', i) : text.find("*/", i + 2);
    end = end == std::string::npos ? text.size() : end + (is_line ? 0U : 2U);
    for (auto at = i; at < end; ++at) {
      if (text[at] != '\n') text[at] = ' ';
    }
    i = end - 1;
  }
  return text;
}

// RFC 8259 lets readers ignore a byte order mark. It becomes spaces, so that
// places stay what they are.
std::string without_mark(std::string text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.replace(0, kMark.size(), "   ");
  return text;
}

// The type that a text which is no JSON seems to have, as a place to look at.
std::string type_in(std::string_view text) {
  constexpr std::string_view kMember = "resourceType";
  const auto at = text.find(kMember);
  if (at == std::string_view::npos) return {};
  const auto begin =
      text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", at + kMember.size());
  if (begin == std::string_view::npos || begin > at + 24) return {};
  auto end = begin;
  while (end < text.size() && end < begin + 40 &&
         ((text[end] >= 'a' && text[end] <= 'z') ||
          (text[end] >= 'A' && text[end] <= 'Z'))) {
    ++end;
  }
  return std::string(text.substr(begin, end - begin));
}

// A supporting profile whose rule cannot work blames each resource: who sent
// it hears of the profile's own slip first.
void add_rules_in_vain(const fhir::Outcome& compiled, fhir::Outcome& outcome) {
  for (auto finding : compiled.findings()) {
    if (!finding.rule.starts_with("invariant/")) continue;
    finding.severity = fhir::Severity::warning;
    outcome.add(std::move(finding));
  }
}

}  // namespace

Result<ValidationRequest> read_request(const std::string& line) {
  auto document = parse_shared(line);
  if (!document.ok()) return document.error();
  const Json root = (*document)->root();
  if (!root.get("resource").exists()) {
    return Error{ErrorCode::invalid, "a line needs the member \"resource\""};
  }
  ValidationRequest request;
  request.options = request_options(root.get("options"));
  request.id = root.get("id").exists() ? std::string(root.get("id").raw())
                                       : std::string("null");
  request.resource = text_or_json(root.get("resource"));
  for (const Json item : root.get("supporting")) {
    request.supporting.push_back(text_or_json(item));
  }
  for (const Json item : root.get("profiles")) {
    request.options.profiles.emplace_back(item.text());
  }
  return request;
}

ValidateOptions request_options(Json options) {
  ValidateOptions made;
  auto& rules = made.rules;
  rules.rigor = Rigor::reference;
  rules.today = LocalDate(std::chrono::local_days(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())
          .time_since_epoch()));
  rules.example_urls_allowed = options.get("examples").text() != "false";
  rules.checks_security = options.get("security-checks").text() == "true";
  rules.checks_contained = options.get("validateContains").text() != "IGNORE";
  rules.experimental_allowed =
      options.get("no-experimental-content").text() != "true";
  rules.aggregation_outside_bundles =
      options.get("enforceAggregationOutsideBundles").text() != "false";
  const auto targets = options.get("validateReference").text();
  rules.checks_targets = targets == "CHECK_EXISTS_AND_TYPE";
  rules.checks_profiles_of_targets = targets == "CHECK_VALID";
  made.allows_comments = options.get("allow-comments").text() == "true";
  return made;
}

fhir::Finding unreadable(const Error& error) {
  fhir::Finding finding;
  finding.rule = "json/malformed";
  finding.severity = fhir::Severity::fatal;
  finding.type = fhir::IssueType::structure;
  finding.text = error.message;
  if (error.offset) {
    const auto at = static_cast<std::uint32_t>(*error.offset);
    finding.span = ByteSpan{at, at};
  }
  return finding;
}

Answer answer(const ValidationRequest& request,
              const fhir::SharedDefinitions& definitions) {
  Answer answered{request.resource, {}};
  fhir::DefinitionSet set;
  for (const auto& text : request.supporting) {
    // What is no definition, or no JSON, supports nothing.
    (void)set.add_text(text, "supporting");
  }
  auto known = definitions;
  if (!set.empty()) {
    auto compiled = compile(set, definitions);
    if (compiled.ok()) {
      add_rules_in_vain(compiled->outcome, answered.outcome);
      known = (*std::move(compiled)).definitions;
    }
  }
  auto text = without_mark(request.resource);
  if (request.options.allows_comments) text = without_comments(std::move(text));
  auto document = parse_shared(std::move(text), known->keys());
  if (!document.ok()) {
    auto finding = unreadable(document.error());
    finding.expression = type_in(request.resource);
    answered.outcome.add(std::move(finding));
    return answered;
  }
  answered.outcome.merge(
      Validator(known).validate(**document, request.options));
  return answered;
}

std::string answer_line(const ValidationRequest& request,
                        const Answer& answered, const std::string& base) {
  JsonWriter out;
  out.begin_object()
      .key("id")
      .raw(request.id)
      .key("outcome")
      .raw(
          fhir::to_operation_outcome(answered.outcome, base, answered.resource))
      .end_object();
  return out.take();
}

}  // namespace gateway::validate
