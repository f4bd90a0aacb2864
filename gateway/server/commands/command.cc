#include "server/commands/command.h"

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

}  // namespace gateway::server
