// `workgate compile`: packages of FHIR definitions become one image.

#include <iostream>

#include "base/json_writer.h"
#include "server/commands/command.h"
#include "validate/image_compiler.h"

namespace gateway::server {
namespace {

constexpr const char* kBase = "https://workgate.example/fhir";

const Usage& usage() {
  static const Usage kUsageText{
      "workgate compile [--core DIR] [--package FILE]... [--profiles DIR] "
      "-o IMAGE",
      "Writes the definitions image that every other command maps.",
      {{"core", "DIR", "the R4 definitions as npm installs them"},
       {"package", "FILE", "a FHIR package (.tgz) or a folder; repeatable"},
       {"profiles", "DIR", "a folder with profiles of our own"},
       {"o", "IMAGE", "the file to write"},
       {"json", "", "report as JSON"}}};
  return kUsageText;
}

validate::CompileOptions options_of(const Arguments& arguments) {
  validate::CompileOptions options;
  options.output = arguments.get("o");
  if (arguments.has("core")) {
    options.packages = validate::core_packages(arguments.get("core"));
  }
  for (const auto& package : arguments.all("package")) {
    options.packages.push_back(package);
  }
  if (arguments.has("profiles")) {
    options.packages.push_back(arguments.get("profiles"));
  }
  return options;
}

void print(const validate::CompileReport& report, bool as_json) {
  if (as_json) {
    JsonWriter out;
    out.begin_object()
        .key("structures")
        .integer(static_cast<long long>(report.structures))
        .key("valueSets")
        .integer(static_cast<long long>(report.value_sets))
        .key("codeSystems")
        .integer(static_cast<long long>(report.code_systems))
        .key("bytes")
        .integer(static_cast<long long>(report.bytes))
        .key("findings")
        .integer(static_cast<long long>(report.outcome.findings().size()))
        .key("outcome")
        .raw(to_operation_outcome(report.outcome, kBase))
        .end_object();
    std::cout << out.text() << '\n';
    return;
  }
  print_findings(report.outcome);
  if (report.bytes == 0) {
    std::cerr << "workgate compile: no image was written\n";
    return;
  }
  std::cout << report.structures << " structures, " << report.value_sets
            << " value sets, " << report.code_systems
            << " code systems: " << report.bytes << " bytes\n";
}

int run(const Arguments& arguments) {
  if (!arguments.has("o")) {
    return fail(form_of(arguments), "compile",
                "-o IMAGE is missing; see --help", kUsage);
  }
  const auto report = validate::compile_image(options_of(arguments));
  if (!report.ok()) {
    return fail(form_of(arguments), "compile", report.error().message, kBroken);
  }
  print(*report, arguments.has("json"));
  return report->outcome.acceptable() ? kDone : kNo;
}

}  // namespace

Command compile_command() {
  return {.name = "compile", .usage = usage(), .run = run};
}

}  // namespace gateway::server
