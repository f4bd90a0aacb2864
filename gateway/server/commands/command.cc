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

int complain(std::string_view command, std::string_view message, int code) {
  std::cerr << "workgate " << command << ": " << message << "\n";
  return code;
}

}  // namespace gateway::server
