#include "server/commands/command.h"

#include <algorithm>
#include <iostream>

namespace gateway::server {

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      serve_command(), compile_command(),  validate_command(),
      bill_command(),  fhirpath_command(), map_command(),
      v2_command(),    check_command(),    guide_command(),
      tour_command()};
  return kCommands;
}

void print_findings(const fhir::Outcome& outcome) {
  for (const auto& finding : outcome.findings()) {
    std::cerr << code(finding.severity) << ' ' << finding.rule << ": "
              << (finding.expression.empty() ? "" : finding.expression + ": ")
              << sentence(finding) << '\n';
  }
}

int complain(std::string_view command, std::string_view message, int code) {
  std::cerr << "workgate " << command << ": " << message << "\n";
  return code;
}

Form form_of(const Arguments& arguments) {
  return arguments.has("json") ? Form::json : Form::text;
}

Form form_of(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, "--json") != end ? Form::json
                                                        : Form::text;
}

int fail(Form form, std::string_view command, std::string_view message,
         int code) {
  if (form == Form::json) {
    JsonWriter out;
    out.begin_object();
    write_failure(out, message, code);
    std::cout << out.end_object().text() << '\n';
  }
  return complain(command, message, code);
}

void write_failure(JsonWriter& out, std::string_view message, int code,
                   std::string_view problems) {
  out.key("error").begin_object().member("text", message);
  out.key("exit").integer(code).end_object();
  out.key("problems").raw(problems);
}

}  // namespace gateway::server
