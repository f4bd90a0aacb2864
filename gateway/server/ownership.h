// Whose the resources of a request are: the sender's, but a clearinghouse's
// answer belongs to the partner whose claim it answers.

#pragma once

#include <string>

#include "server/pipeline.h"

namespace gateway::server {

Result<std::string> owner_of(const Parts& parts, const exchange::Caller& caller,
                             const exchange::WriteRequest& request);

}  // namespace gateway::server
