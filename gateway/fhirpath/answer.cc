#include "fhirpath/answer.h"

#include <algorithm>

#include "base/json_writer.h"
#include "fhirpath/program.h"

namespace gateway::fhirpath {
namespace {

std::string lowered_first(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out.front() >= 'A' && out.front() <= 'Z') {
    out.front() = static_cast<char>(out.front() - 'A' + 'a');
  }
  return out;
}

std::string output_type(const Value& value, const Types& types) {
  if (value.type() == kUntyped) {
    Quantity made;
    const auto plain = system_value(value, types, made);
    if (plain.is_node()) return plain.json().is_array() ? "array" : "object";
    return lowered_first(types.name(plain.type()));
  }
  if (value.is(ValueKind::quantity)) return "Quantity";
  const auto name = types.name(value.type());
  return is_system(value.type()) ? lowered_first(name) : std::string(name);
}

bool is_dated(const Value& value, const Types& types) {
  if (is_temporal(value.kind())) return true;
  if (!value.is_node() || !types.is_primitive(value.type())) return false;
  const auto primitive = types.primitive(value.type());
  return primitive == fhir::Primitive::date ||
         primitive == fhir::Primitive::date_time ||
         primitive == fhir::Primitive::instant ||
         primitive == fhir::Primitive::time;
}

std::string output_text(const Value& value, const Types& types) {
  auto text = text_of(value);
  if (!is_dated(value, types)) return text;
  const bool time = value.is(ValueKind::time) ||
                    (value.is_node() &&
                     types.primitive(value.type()) == fhir::Primitive::time);
  return (time ? "@T" : "@") + text;
}

// Without white space, so that it stays on one line. Recursion follows the
// depth of the document, which its limits bound.
void write_json(JsonWriter& out, Json json) {
  switch (json.kind()) {
    case JsonKind::object:
      out.begin_object();
      for (const auto member : json) {
        out.key(member.name());
        write_json(out, member);
      }
      out.end_object();
      return;
    case JsonKind::array:
      out.begin_array();
      for (const auto item : json) write_json(out, item);
      out.end_array();
      return;
    case JsonKind::string:
      out.string(json.text());
      return;
    case JsonKind::absent:
    case JsonKind::null:
    case JsonKind::boolean:
    case JsonKind::number:
      break;
  }
  out.raw(json.raw());
}

void write_value(JsonWriter& out, const Value& value, const Types& types) {
  if (value.is(ValueKind::type)) {
    const auto type = value.named_type();
    out.begin_object();
    out.member("namespace", is_system(type) ? "System" : "FHIR");
    out.member("name", types.name(type));
    out.end_object();
    return;
  }
  if (!value.is_node()) {
    out.string(output_text(value, types));
    return;
  }
  const auto json = value.json();
  if (json.is_object() || json.is_array()) {
    write_json(out, json);
    return;
  }
  out.string(output_text(value, types));
}

std::string with_id(Json id, const std::string& members) {
  std::string out = "{\"id\":";
  out += id.exists() ? id.raw() : std::string_view("null");
  return out + "," + members + "}";
}

std::string failed(Json id, std::string_view kind, std::string_view message) {
  return with_id(id, "\"error\":" + json_quoted(kind) +
                         ",\"message\":" + json_quoted(message));
}

std::string failed(Json id, const Problem& problem) {
  return failed(
      id, name(problem.kind),
      problem.message + " (byte " + std::to_string(problem.place) + ")");
}

// What the compiler is to know of the resource; a tree that does not say its
// type is read without types. False, and why, where it is no resource at all.
bool read_type(Json resource, CompileOptions& options, Problem& problem) {
  problem.kind = ProblemKind::execution;
  if (resource.exists() && !resource.is_object()) {
    problem.message =
        "the resource is no object: write {\"resourceType\": ...}";
    return false;
  }
  const auto type = resource.get("resourceType");
  if (options.model == nullptr || !type.exists()) return true;
  if (!type.is_string() || options.model->find(type.text()) == fhir::kNoType) {
    problem.message = "resourceType " + std::string(type.raw()) +
                      " is none of the loaded definitions: correct it";
    return false;
  }
  options.context = type.text();
  return true;
}

struct Answered {
  Expression expression;
  Collection values;
};

// Nothing where it fails; then `problem` says why.
std::optional<Answered> answered(std::string_view text, Json resource,
                                 const fhir::TypeModel* model,
                                 const Environment& environment,
                                 Problem& problem) {
  CompileOptions options{.model = model};
  if (!read_type(resource, options, problem)) return std::nullopt;
  auto expression = compile(text, options, &problem);
  if (!expression.ok()) return std::nullopt;
  auto values = evaluate(*expression, resource, environment, &problem);
  if (!values.ok()) return std::nullopt;
  return Answered{*std::move(expression), *std::move(values)};
}

struct Request {
  Json id;
  std::string expression;
  bool predicate = false;
};

std::string evaluated(const Request& request, Json resource,
                      const fhir::TypeModel* model,
                      const Environment& environment) {
  Problem problem;
  const auto result =
      answered(request.expression, resource, model, environment, problem);
  if (!result) return failed(request.id, problem);
  const auto& values = result->values;
  if (request.predicate) {
    const bool boolean = values.size() == 1 && values[0].is(ValueKind::boolean);
    const bool yes = boolean ? values[0].boolean() : !values.empty();
    return with_id(request.id,
                   std::string("\"result\":[{\"type\":\"boolean\",\"value\":") +
                       (yes ? "\"true\"}]" : "\"false\"}]"));
  }
  return with_id(
      request.id,
      "\"result\":" +
          results_json(values.values(), result->expression.program().types));
}

}  // namespace

std::string results_json(std::span<const Value> values, const Types& types) {
  JsonWriter out;
  out.begin_array();
  for (const auto& value : values) {
    out.begin_object();
    out.member("type", output_type(value, types));
    out.key("value");
    write_value(out, value, types);
    out.end_object();
  }
  out.end_array();
  return out.take();
}

std::string answer_line(std::string_view line, const fhir::TypeModel* model,
                        const Environment& environment) {
  const auto& keys = model != nullptr ? model->keys() : KeyTable::none();
  const auto parsed = JsonDocument::parse(std::string(line), keys);
  if (!parsed.ok()) {
    return failed(Json(), "syntax",
                  "the line is no JSON object: " + parsed.error().message);
  }
  const auto root = parsed->root();
  const Request request{root.get("id"),
                        std::string(root.get("expression").text()),
                        root.get("predicate").text() == "true"};
  if (!root.get("expression").is_string()) {
    return failed(request.id, "syntax", "the line has no \"expression\"");
  }
  const auto resource = root.get("resource");
  if (resource.kind() == JsonKind::null || !resource.exists()) {
    return evaluated(request, Json(), model, environment);
  }
  // As a document of its own, so that its root is the resource.
  const auto text = resource.is_string() ? resource.text() : resource.raw();
  const auto document = JsonDocument::parse(std::string(text), keys);
  if (!document.ok()) {
    return failed(request.id, "execution",
                  "the resource is no JSON: " + document.error().message);
  }
  return evaluated(request, document->root(), model, environment);
}

Result<std::string> answer(std::string_view expression, Json resource,
                           const fhir::TypeModel* model,
                           const Environment& environment) {
  Problem problem;
  const auto result =
      answered(expression, resource, model, environment, problem);
  if (!result) return error(problem);
  return results_json(result->values.values(),
                      result->expression.program().types);
}

}  // namespace gateway::fhirpath
