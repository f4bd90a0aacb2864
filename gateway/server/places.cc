#include "server/places.h"

#include <filesystem>

namespace gateway::server {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfiguration = "config/gateway.yaml";

}  // namespace

std::string binary_folder() {
  std::error_code failed;
  const auto binary = fs::read_symlink("/proc/self/exe", failed);
  return failed ? std::string(".") : binary.parent_path().string();
}

std::string image_path(const Arguments& arguments,
                       const std::string& configured) {
  if (arguments.has("image")) return arguments.get("image");
  if (!configured.empty()) return configured;
  return (fs::path(binary_folder()) / "workgate.image").string();
}

std::string configuration_path(const Arguments& arguments) {
  if (arguments.has("config")) return arguments.get("config");
  std::error_code failed;
  if (fs::exists(kConfiguration, failed)) return kConfiguration;
  // The binary lies in build/<preset> of the source tree.
  const auto tree = fs::path(binary_folder()).parent_path().parent_path();
  return (tree / kConfiguration).string();
}

}  // namespace gateway::server
