// workgate validate: what is wrong with resources, as OperationOutcomes.

#pragma once

#include <string>
#include <vector>

namespace gateway::server {

// `words` are those behind the command's name. Gives the exit code.
int validate_command(const std::vector<std::string>& words);

}  // namespace gateway::server
