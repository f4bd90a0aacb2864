// The binary: `workgate COMMAND ...`.

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "base/heap.h"
#include "server/commands/command.h"

namespace {

using gateway::server::Arguments;
using gateway::server::commands;

int print_commands(std::ostream& out, int code) {
  out << "usage: workgate COMMAND [options]; workgate COMMAND --help\n"
         "HL7/FHIR gateway for work conditioning and work hardening.\n";
  for (const auto& command : commands()) {
    std::string name(command.name);
    name.resize(10, ' ');
    out << "  " << name << command.usage.purpose << "\n";
  }
  return code;
}

}  // namespace

int main(int argc, char* argv[]) {
  // Without it everything works too, and costs more.
  gateway::set_heap();
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) return print_commands(std::cerr, 2);
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    return print_commands(std::cout, 0);
  }
  const auto found = std::find_if(
      commands().begin(), commands().end(),
      [&](const auto& command) { return command.name == words[0]; });
  if (found == commands().end()) {
    std::cerr << "workgate: '" << words[0] << "' is not a command\n";
    return print_commands(std::cerr, gateway::server::kUsage);
  }
  const auto arguments =
      Arguments::parse({words.begin() + 1, words.end()}, found->usage);
  if (!arguments) {
    return gateway::server::fail(gateway::server::form_of(words), found->name,
                                 arguments.error().message,
                                 gateway::server::kUsage);
  }
  if (arguments->has("help")) {
    std::cout << gateway::server::help_text(found->usage);
    return gateway::server::kDone;
  }
  return found->run(*arguments);
}
