// Plays recorded HTTP/1.1 requests, good and bad, against the edge. The
// recording and its runner lie outside the project.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "folders.h"
#include "transport/http_server.h"

namespace gateway::transport {
namespace {

std::filesystem::path shared() {
  const char* const set = std::getenv("WORKGATE_SHARED");
  return set != nullptr
             ? std::filesystem::path(set)
             : std::filesystem::path(GATEWAY_SOURCE_DIR) / "../shared";
}

TEST(EdgeConformanceTest, PassesTheRecordedRequests) {
  const auto runner = shared() / "conformance/http11/h11run.py";
  if (!std::filesystem::exists(runner)) {
    GTEST_SKIP() << "no recorded requests: set WORKGATE_SHARED to the folder "
                    "that holds conformance/http11";
  }
  const auto server = HttpServer::listen(
      {}, [](const Request& request, const Responder& responder) {
        responder.send({.status = 200, .body = request.body});
      });
  ASSERT_TRUE(server) << server.error().message;
  const std::string command =
      "python3 '" + runner.string() + "' " + std::to_string((*server)->port());
  EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT: the runner is a script
}

}  // namespace
}  // namespace gateway::transport
