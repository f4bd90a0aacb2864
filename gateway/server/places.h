// Places: where commands find the definitions image and the configuration.

#pragma once

#include <string>

#include "server/arguments.h"

namespace gateway::server {

// --image, else what the configuration says, else beside the binary.
std::string image_path(const Arguments& arguments,
                       const std::string& configured);

// --config, else ./config/gateway.yaml, else that of the source tree.
std::string configuration_path(const Arguments& arguments);

// The folder of the running binary.
std::string binary_folder();

}  // namespace gateway::server
