// `workgate fhirpath`: what an expression finds in a resource, as JSON.

#include <chrono>
#include <iostream>
#include <utility>

#include "base/file.h"
#include "fhir/definitions.h"
#include "fhirpath/answer.h"
#include "server/commands/command.h"
#include "server/places.h"
#include "validate/expression_world.h"

namespace gateway::server {
namespace {

const Usage& usage() {
  static const Usage kUsageText{
      "workgate fhirpath [--image FILE] EXPR [FILE]",
      "Prints what the expression finds in the resource, as JSON; exit 1 if "
      "it cannot be compiled or evaluated.",
      {{"image", "FILE", "the definitions image (default: beside the binary)"},
       {"ndjson", "", "read requests from stdin, a line each"},
       {"json", "", "accepted; the output is JSON already"}},
      "A line of --ndjson is {\"id\",\"expression\",\"resource\"?,"
      "\"check\"?:true,\"predicate\"?:true}.\n"
      "Names and types are checked whether a line says check or not; with "
      "predicate, any result counts as true.\n"};
  return kUsageText;
}

fhirpath::Environment environment_now(const validate::Validator& validator) {
  auto environment = validate::expression_world(validator);
  environment.now = std::chrono::time_point_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now());
  environment.trace = [](std::string_view name,
                         std::span<const fhirpath::Value> values) {
    std::cerr << "trace " << name << ": " << values.size() << " item"
              << (values.size() == 1 ? "" : "s") << '\n';
  };
  return environment;
}

int answer_lines(const fhir::TypeModel& model,
                 const validate::Validator& validator) {
  auto environment = environment_now(validator);
  environment.trace = nullptr;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    std::cout << fhirpath::answer_line(line, &model, environment) << '\n';
  }
  return kDone;
}

int failed(const Arguments& arguments, std::string_view message, int code) {
  return fail(form_of(arguments), "fhirpath", message, code);
}

int answer_file(const Arguments& arguments, const fhir::TypeModel& model,
                const validate::Validator& validator) {
  Json resource;
  SharedDocument document;
  if (arguments.rest().size() == 2) {
    const auto& file = arguments.rest()[1];
    auto text = read_file(file, FileKind::any);
    if (!text) return failed(arguments, text.error().message, kBroken);
    auto parsed = parse_shared(*std::move(text), model.keys());
    if (!parsed.ok()) {
      return failed(arguments, file + ": " + parsed.error().message, kNo);
    }
    document = *std::move(parsed);
    resource = document->root();
  }
  const auto result = fhirpath::answer(arguments.rest()[0], resource, &model,
                                       environment_now(validator));
  if (!result.ok()) return failed(arguments, result.error().message, kNo);
  std::cout << *result << '\n';
  return kDone;
}

int run(const Arguments& arguments) {
  const bool lines = arguments.has("ndjson");
  const auto count = arguments.rest().size();
  if (lines ? count != 0 : count < 1 || count > 2) {
    return failed(arguments, "an expression is needed, and at most one file",
                  kUsage);
  }
  const auto definitions = fhir::Definitions::open(image_path(arguments, {}));
  if (!definitions.ok()) {
    return failed(arguments, definitions.error().message, kBroken);
  }
  const fhir::TypeModel model(**definitions);
  const validate::Validator validator(*definitions);
  return lines ? answer_lines(model, validator)
               : answer_file(arguments, model, validator);
}

}  // namespace

Command fhirpath_command() {
  return {.name = "fhirpath", .usage = usage(), .run = run};
}

}  // namespace gateway::server
