// workgate compile: packages of FHIR definitions become one image.

#pragma once

#include <string>
#include <vector>

namespace gateway::server {

// `words` are those behind the command's name. Gives the exit code.
int compile_command(const std::vector<std::string>& words);

}  // namespace gateway::server
