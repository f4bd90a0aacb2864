// `workgate serve`: runs the gateway until SIGTERM or SIGINT.

#include <csignal>
#include <iostream>
#include <random>

#include "server/commands/command.h"
#include "server/places.h"
#include "server/server.h"

namespace gateway::server {
namespace {

constexpr std::chrono::seconds kPatience{30};

// What --http, --mllp and --data say over the configuration.
Status override_settings(const Arguments& arguments, Settings& settings) {
  for (const auto* name : {"http", "mllp"}) {
    if (!arguments.has(name)) continue;
    auto endpoint = parse_endpoint(arguments.get(name));
    if (!endpoint) {
      return Error{ErrorCode::invalid,
                   "--" + std::string(name) + ": " + endpoint.error().message};
    }
    if (settings.open && !is_loopback(*endpoint)) {
      return Error{ErrorCode::invalid,
                   "--" + std::string(name) +
                       ": security: open is allowed on loopback only"};
    }
    (std::string_view(name) == "http" ? settings.http : settings.mllp) =
        *std::move(endpoint);
  }
  if (arguments.has("data")) settings.data_directory = arguments.get("data");
  return Done{};
}

[[noreturn]] void stop_at_once(const Error& error) {
  // Nothing that waits may be acknowledged any more: recovery reads the log.
  std::cerr << "workgate serve: " << error.message << std::endl;
  std::_Exit(kBroken);
}

int wait_for_end(Server& server, const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) == 0) {
    if (signal != SIGHUP) break;
    // One write of the whole line: nobody reads the half of it.
    std::cerr << "workgate serve: SIGHUP: " + outcome_of(server.reload()) +
                     "\n";
  }
  std::cerr << "workgate serve: draining\n";
  return server.drain(kPatience) ? kDone : kBroken;
}

int run(const Arguments& arguments) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    sigaddset(&signals, signal);
  }
  // Before any thread begins, so that only sigwait() gets them.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  auto settings = read_settings(configuration_path(arguments));
  if (!settings) return complain("serve", settings.error().message, kBroken);
  auto chosen = *std::move(settings);
  if (const auto status = override_settings(arguments, chosen); !status) {
    return complain("serve", status.error().message, kUsage);
  }
  const auto reread = [&arguments, file = chosen.file]() -> Result<Settings> {
    auto read = read_settings(file);
    if (!read) return read.error();
    auto again = *std::move(read);
    const auto status = override_settings(arguments, again);
    if (!status) return status.error();
    return again;
  };
  const auto image = image_path(arguments, chosen.image);
  if (chosen.open) {
    std::cerr << "workgate serve: security is open: every caller on loopback "
                 "counts as a partner\n";
  }
  auto server = Server::start({.settings = chosen,
                               .image = image,
                               .reread = reread,
                               .clock = system_now,
                               .id_seed = std::random_device()(),
                               .fatal = stop_at_once});
  if (!server) return complain("serve", server.error().message, kBroken);
  std::cerr << "workgate serve: " << (*server)->base_url() << "\n";
  return wait_for_end(**server, signals);
}

}  // namespace

Command serve_command() {
  return {
      .name = "serve",
      .usage = {.synopsis = "workgate serve [options]",
                .purpose = "Runs the gateway.",
                .options = {{"config", "FILE",
                             "configuration (config/gateway.yaml)"},
                            {"data", "DIR", "where the embedded store lies"},
                            {"http", "HOST:PORT", "where to listen for HTTP"},
                            {"mllp", "HOST:PORT", "where to listen for HL7 v2"},
                            {"image", "FILE", "definitions image"}},
                .notes = "Ready when GET /health/ready answers 200. SIGTERM "
                         "ends what is under way and exits 0. SIGHUP reads "
                         "the configuration, packs\nand maps again: all of "
                         "it comes into force, or nothing, and stderr says "
                         "why.\n"},
      .run = run};
}

}  // namespace gateway::server
