// The demo configuration as a running server: on free ports, with a scratch
// folder for its data.

#pragma once

#include <string>

#include "server/server.h"
#include "transport/http_client.h"
#include "unit/server/scratch_gateway.h"

namespace gateway::server {

inline ServerOptions demo_options(const std::string& data) {
  ServerOptions options;
  options.settings = demo_settings();
  options.settings.http = {"127.0.0.1", 0};
  options.settings.mllp = {"127.0.0.1", 0};
  options.settings.data_directory = data;
  options.image = image_file();
  options.clock = [] { return *parse_instant("2026-04-30T18:00:00Z"); };
  options.id_seed = 1;
  options.fatal = [](const Error& error) { ADD_FAILURE() << error.message; };
  return options;
}

inline transport::TcpTarget target_of(const Server& server) {
  return {.host = "127.0.0.1", .port = server.http_port()};
}

}  // namespace gateway::server
