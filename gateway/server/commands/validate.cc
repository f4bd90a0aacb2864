// `workgate validate`: what is wrong with resources, as
// OperationOutcomes.

#include <chrono>
#include <filesystem>
#include <iostream>
#include <utility>

#include "base/file.h"
#include "fhir/definition_set.h"
#include "server/commands/command.h"
#include "validate/image_compiler.h"
#include "validate/intake.h"
#include "validate/request.h"
#include "validate/waivers.h"

namespace gateway::server {
namespace {

constexpr const char* kBase = "https://workgate.example/fhir";

const Usage& usage() {
  static const Usage kUsageText{
      "workgate validate [--profile URL]... [--image FILE] [--load FILE]... "
      "FILE...",
      "Prints an OperationOutcome per file; exit 1 if one is not valid.",
      {{"profile", "URL", "hold the resources against it too; repeatable"},
       {"image", "FILE", "the definitions image (default: beside the binary)"},
       {"load", "FILE",
        "further definitions: a resource, a Bundle, a folder "
        "or a package; repeatable"},
       {"waivers", "FILE", "findings that the site has decided to live with"},
       {"ndjson", "", "read requests from stdin, a line each"},
       {"json", "", "accepted; the output is JSON already"}},
      "A line of --ndjson is {\"id\",\"resource\",\"profiles\":[],"
      "\"supporting\":[],\"options\":{}} and is judged as the reference "
      "validator\njudges: extensions that are not loaded and displays that "
      "differ are errors there,\ninformation and warnings for a file, as for "
      "messages on their way in.\n"};
  return kUsageText;
}

std::string image_file(const Arguments& arguments) {
  if (arguments.has("image")) return arguments.get("image");
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return (self.parent_path() / "workgate.image").string();
}

Result<fhir::SharedDefinitions> definitions_of(const Arguments& arguments) {
  auto image = fhir::Definitions::open(image_file(arguments));
  if (!image.ok() || !arguments.has("load")) return image;
  fhir::DefinitionSet set;
  for (const auto& file : arguments.all("load")) {
    if (auto added = set.add_package(file); !added.ok()) return added.error();
  }
  auto compiled = validate::compile(set, *image);
  if (!compiled.ok()) return compiled.error();
  print_findings(compiled->outcome);
  if (!compiled->outcome.acceptable()) {
    return Error{ErrorCode::invalid,
                 "the definitions of --load are not whole (see above); nothing "
                 "was validated"};
  }
  return (*std::move(compiled)).definitions;
}

Result<validate::Waivers> waivers_of(const Arguments& arguments) {
  if (!arguments.has("waivers")) return validate::Waivers();
  return validate::Waivers::read(arguments.get("waivers"));
}

LocalDate today() {
  return validate::utc_day(
      std::chrono::time_point_cast<std::chrono::microseconds>(
          std::chrono::system_clock::now()));
}

validate::Answer answered_with(const validate::ValidationRequest& request,
                               const fhir::SharedDefinitions& definitions,
                               const validate::Waivers& waivers) {
  auto answered = validate::answer(request, definitions);
  answered.outcome = waivers.applied(std::move(answered.outcome), today());
  return answered;
}

int answer_lines(const fhir::SharedDefinitions& definitions,
                 const validate::Waivers& waivers) {
  int exit_code = kDone;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    const auto request = validate::read_request(line);
    if (!request.ok()) {
      std::cerr << "workgate validate: " << request.error().message << '\n';
      exit_code = kNo;
      continue;
    }
    const auto answered = answered_with(*request, definitions, waivers);
    std::cout << validate::answer_line(*request, answered, kBase) << '\n';
  }
  return exit_code;
}

int broken(const Arguments& arguments, const Error& error) {
  return fail(form_of(arguments), "validate", error.message, kBroken);
}

int answer_files(const Arguments& arguments,
                 const fhir::SharedDefinitions& definitions,
                 const validate::Waivers& waivers) {
  int exit_code = kDone;
  for (const auto& file : arguments.rest()) {
    auto text = read_file(file, FileKind::any);
    if (!text) return broken(arguments, text.error());
    validate::ValidationRequest request;
    request.resource = *std::move(text);
    request.options.profiles = arguments.all("profile");
    const auto answered = answered_with(request, definitions, waivers);
    std::cout << to_operation_outcome(answered.outcome, kBase,
                                      answered.resource)
              << '\n';
    if (!answered.outcome.acceptable()) exit_code = kNo;
  }
  return exit_code;
}

int run(const Arguments& arguments) {
  if (!arguments.has("ndjson") && arguments.rest().empty()) {
    return fail(form_of(arguments), "validate",
                "name a file, or --ndjson; see --help", kUsage);
  }
  const auto definitions = definitions_of(arguments);
  if (!definitions.ok()) return broken(arguments, definitions.error());
  const auto waivers = waivers_of(arguments);
  if (!waivers) return broken(arguments, waivers.error());
  const int exit_code = arguments.has("ndjson")
                            ? answer_lines(*definitions, *waivers)
                            : answer_files(arguments, *definitions, *waivers);
  for (const auto& line : validate::waiver_report(*waivers, today())) {
    std::cerr << line << '\n';
  }
  return exit_code;
}

}  // namespace

Command validate_command() {
  return {.name = "validate", .usage = usage(), .run = run};
}

}  // namespace gateway::server
