#include "integration/foreign_client.h"

#include <gtest/gtest.h>

#include "folders.h"
#include "integration/running_gateway.h"

namespace gateway::integration {
namespace {

TEST(ForeignClientTest, FhirKitClientPlaysAWeek) {
  if (!foreign_clients_are_installed()) {
    GTEST_SKIP() << "the test clients are not installed: run tests/run, which "
                    "lets npm install them to build/clients";
  }
  RunningGateway gateway;
  const auto ran = run_client(
      "session.mjs", "http://127.0.0.1:" + std::to_string(gateway.port()) +
                         "/fhir " + GATEWAY_SOURCE_DIR + "/config/demo");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
}

}  // namespace
}  // namespace gateway::integration
