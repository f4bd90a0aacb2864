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

}  // namespace

Result<ValidationRequest> read_request(const std::string& line) {
  auto document = parse_shared(line);
  if (!document.ok()) return document.error();
  const Json root = (*document)->root();
  if (!root.get("resource").exists()) {
    return Error{ErrorCode::invalid, "a line needs the member \"resource\""};
  }
  ValidationRequest request;
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
    if (compiled.ok()) known = (*std::move(compiled)).definitions;
  }
  auto document = parse_shared(request.resource, known->keys());
  if (!document.ok()) {
    answered.outcome.add(unreadable(document.error()));
    return answered;
  }
  answered.outcome = Validator(known).validate(**document, request.options);
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
