// Foreign software from npm that drives the binary: what we did not write
// finds what our own client forgives. `tests/run` installs it by
// tests/clients/package-lock.json into build/clients.

#pragma once

#include <string>

namespace gateway::integration {

struct Ran {
  int exit_code = -1;
  std::string output;
};

bool foreign_clients_are_installed();

// Runs tests/clients/SCRIPT by the Node of the same lock file.
// REQUIRES: foreign_clients_are_installed().
Ran run_client(const std::string& script, const std::string& arguments);

}  // namespace gateway::integration
