// `workgate tour`: a gateway in a scratch directory, and the sample partners.

#include "server/tour/tour.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>

#include "server/commands/command.h"
#include "server/places.h"
#include "server/server.h"

namespace gateway::server {
namespace {

namespace fs = std::filesystem;

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (fs::temp_directory_path() / "workgate-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void print_urls(const Server& server) {
  const auto& base = server.base_url();
  const auto root = base.substr(0, base.size() - 5);
  std::cout << "\nThe gateway goes on serving; end it with Ctrl-C.\n"
            << "  FHIR         " << base << "/metadata\n"
            << "  claims       " << base << "/Claim?status=active\n"
            << "  message log  " << root
            << "/log/messages  (X-Workgate-Partner: demo-operator)\n"
            << "  health       " << root << "/health/ready\n"
            << "  metrics      " << root << "/metrics\n"
            << std::flush;
}

int run(const Arguments& arguments) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  const auto configuration = configuration_path(arguments);
  auto settings = read_settings(configuration);
  if (!settings) return complain("tour", settings.error().message, kBroken);
  auto chosen = *std::move(settings);
  const ScratchDirectory scratch;
  chosen.data_directory = scratch.path();
  if (arguments.has("once")) {  // disturbs nobody
    chosen.http.port = 0;
    chosen.mllp.port = 0;
  }
  const auto image = image_path(arguments, chosen.image);
  auto server = Server::start({.settings = chosen,
                               .image = image,
                               .clock = system_now,
                               .id_seed = std::random_device()()});
  if (!server) return complain("tour", server.error().message, kBroken);
  const auto status = take_tour(
      {.folder = (fs::path(configuration).parent_path() / "demo").string(),
       .gateway = {.host = chosen.http.host, .port = (*server)->http_port()}},
      std::cout);
  if (!status) return complain("tour", status.error().message, kNo);
  if (arguments.has("once")) return kDone;
  print_urls(**server);
  int signal = 0;
  sigwait(&signals, &signal);
  return (*server)->drain(std::chrono::seconds(10)) ? kDone : kBroken;
}

}  // namespace

Command tour_command() {
  return {.name = "tour",
          .usage = {.synopsis = "workgate tour [--once]",
                    .purpose = "Shows a referral becoming claims.",
                    .options = {{"once", "", "end after the table"},
                                {"config", "FILE", "configuration"},
                                {"image", "FILE", "definitions image"}}},
          .run = run};
}

}  // namespace gateway::server
