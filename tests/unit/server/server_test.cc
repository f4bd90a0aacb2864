#include "server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "unit/server/demo_server.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;

class ServerTest : public testing::Test {
 protected:
  std::unique_ptr<Server> started() {
    auto server = Server::start(demo_options(data_.path()));
    EXPECT_TRUE(server.ok()) << (server.ok() ? "" : server.error().message);
    return server.ok() ? *std::move(server) : nullptr;
  }
  // Why a server with these options does not start.
  static std::string complaint(ServerOptions options) {
    const auto server = Server::start(std::move(options));
    return server.ok() ? "it started" : server.error().message;
  }
  static Result<transport::Response> get(const Server& server,
                                         const std::string& target) {
    transport::HttpClient client({.target = target_of(server)});
    return client.send({.target = target});
  }

  store::ScratchFolder data_;
};

TEST_F(ServerTest, IsReadyWhenItHasStarted) {
  const auto server = started();
  ASSERT_NE(server, nullptr);
  EXPECT_NE(server->http_port(), 0);
  EXPECT_NE(server->mllp_port(), 0);
  EXPECT_EQ(
      server->base_url(),
      "http://127.0.0.1:" + std::to_string(server->http_port()) + "/fhir");
  const auto ready = get(*server, "/health/ready");
  ASSERT_TRUE(ready.ok()) << ready.error().message;
  EXPECT_EQ(ready->status, 200);
}

TEST_F(ServerTest, WhatWasStoredOutlivesIt) {
  transport::Response made;
  {
    const auto server = started();
    ASSERT_NE(server, nullptr);
    transport::HttpClient client({.target = target_of(*server)});
    const auto answer =
        client.send({.method = "PUT",
                     .target = "/fhir/Patient/p",
                     .headers = {{"Content-Type", "application/fhir+json"}},
                     .body = R"({"resourceType":"Patient","id":"p"})"});
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(answer->status, 201);
    made = *answer;
  }
  const auto again = started();
  ASSERT_NE(again, nullptr);
  const auto read = get(*again, "/fhir/Patient/p");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->body, made.body);
}

TEST_F(ServerTest, AcceptsNoMoreOnceItIsDrained) {
  const auto server = started();
  ASSERT_NE(server, nullptr);
  EXPECT_TRUE(server->drain(std::chrono::seconds(10)));
  EXPECT_FALSE(get(*server, "/health/live").ok());
}

TEST_F(ServerTest, KeepsWhatItsEdgeRefuses) {
  const auto server = started();
  ASSERT_NE(server, nullptr);
  transport::HttpClient client({.target = target_of(*server)});
  const auto bad =
      client.send({.target = "/fhir/Patient", .headers = {{"Host", "twice"}}});
  ASSERT_TRUE(bad.ok()) << bad.error().message;
  EXPECT_EQ(bad->status, 400);
  client.disconnect();
  // What is written from now on is committed behind the record.
  ASSERT_TRUE(client
                  .send({.method = "PUT",
                         .target = "/fhir/Patient/p",
                         .headers = {{"Content-Type", "application/fhir+json"}},
                         .body = R"({"resourceType":"Patient","id":"p"})"})
                  .ok());
  const auto log =
      client.send({.target = "/log/messages?state=refused",
                   .headers = {{"X-Workgate-Partner", "demo-operator"}}});
  ASSERT_TRUE(log.ok());
  EXPECT_THAT(log->body, HasSubstr("edge/"));
}

TEST_F(ServerTest, NeedsADefinitionsImage) {
  auto options = demo_options(data_.path());
  options.image = data_.path() + "/none.image";
  EXPECT_THAT(complaint(std::move(options)), HasSubstr("none.image"));
}

TEST_F(ServerTest, RefusesADamagedImage) {
  auto options = demo_options(data_.path());
  options.image = data_.path() + "/damaged.image";
  std::ofstream(options.image) << "this is no image";
  EXPECT_THAT(complaint(std::move(options)),
              HasSubstr("definitions image refused"));
}

TEST_F(ServerTest, RefusesPacksThatItCannotRead) {
  auto options = demo_options(data_.path());
  const auto policies = data_.path() + "/policies";
  ASSERT_TRUE(std::filesystem::create_directory(policies));
  std::ofstream(policies + "/broken.yaml") << "id: [broken\n";
  options.settings.file = data_.path() + "/gateway.yaml";
  EXPECT_THAT(complaint(std::move(options)), HasSubstr("broken.yaml:"));
}

TEST_F(ServerTest, RefusesAnUnknownPack) {
  auto options = demo_options(data_.path());
  auto root = Yaml::parse(
      "canonicalBase: https://workgate.example/fhir\n"
      "programs: {work-conditioning: no-such-pack}\n",
      "site.yaml");
  ASSERT_TRUE(root.ok());
  options.settings.root = *root;
  EXPECT_THAT(complaint(std::move(options)), HasSubstr("no-such-pack"));
}

TEST_F(ServerTest, RefusesADataDirectoryInUse) {
  const auto server = started();
  ASSERT_NE(server, nullptr);
  const auto why = complaint(demo_options(data_.path()));
  EXPECT_THAT(why, HasSubstr(data_.path()));
  EXPECT_TRUE(get(*server, "/health/ready").ok());  // the first one goes on
}

TEST_F(ServerTest, RefusesAPortInUse) {
  const auto server = started();
  ASSERT_NE(server, nullptr);
  const store::ScratchFolder other;
  auto options = demo_options(other.path());
  options.settings.http.port = server->http_port();
  EXPECT_THAT(complaint(std::move(options)),
              HasSubstr(std::to_string(server->http_port())));
}

TEST(SystemNowTest, IsTheRealClock) {
  const auto before = std::chrono::system_clock::now();
  const auto now = system_now();
  EXPECT_GE(now + std::chrono::microseconds(1), before);
  EXPECT_LE(now, std::chrono::system_clock::now());
}

}  // namespace
}  // namespace gateway::server
