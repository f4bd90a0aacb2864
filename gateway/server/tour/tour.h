// The tour: a sample EHR and a sample clearinghouse play one clean week
// against a running gateway, over HTTP, as any partner would.

#pragma once

#include <iosfwd>
#include <string>

#include "base/result.h"
#include "transport/http_client.h"

namespace gateway::server {

struct TourOptions {
  std::string folder;  // config/demo
  transport::TcpTarget gateway;
};

// Prints what happened to `out`. An Error names the step that did not hold.
Status take_tour(const TourOptions& options, std::ostream& out);

}  // namespace gateway::server
