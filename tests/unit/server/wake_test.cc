#include "server/wake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "unit/server/demo_server.h"
#include "unit/validate/core.h"

namespace gateway::server {
namespace {

using testing::SizeIs;

// Wakes the case and waits for the end.
Status woken(ScratchGateway& gateway, const std::string& case_key) {
  std::promise<Status> ended;
  auto end = ended.get_future();
  std::make_shared<Wake>(
      gateway.parts(), Waking::Due{"demo-ehr", case_key},
      [&ended](Status status) { ended.set_value(std::move(status)); })
      ->begin();
  return end.get();
}

class WakeTest : public testing::Test {
 protected:
  // The demo's referral, and its first session while it lies in the future.
  std::string attend_early() {
    gateway_.now = *parse_instant("2026-04-06T12:00:00Z");
    EXPECT_EQ(gateway_.post("/fhir", demo("referral.json")).status, 200);
    EXPECT_EQ(gateway_.post("/fhir", demo("session-1-monday.json")).status,
              200);
    return gateway_.stored("Patient").at(0).id.text();
  }

  ScratchGateway gateway_;
};

TEST_F(WakeTest, ReleasesASessionWhoseEndHasCome) {
  const auto patient = attend_early();
  EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(0));
  ASSERT_THAT(gateway_.stored("Task", "requested"), SizeIs(1));
  gateway_.now = *parse_instant("2026-04-06T15:00:00Z");
  const auto done = woken(gateway_, patient);
  ASSERT_TRUE(done.ok()) << done.error().message;
  EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(1));
  EXPECT_THAT(gateway_.stored("Task", "requested"), SizeIs(0));
  EXPECT_THAT(gateway_.stored("Task", "completed"), SizeIs(1));
  const auto message = gateway_.newest_message();
  EXPECT_EQ(message.message.channel, "timer");
  EXPECT_EQ(message.message.request, "wake " + patient);
}

TEST_F(WakeTest, ChangesNothingTheSecondTime) {
  const auto patient = attend_early();
  gateway_.now = *parse_instant("2026-04-06T15:00:00Z");
  ASSERT_TRUE(woken(gateway_, patient).ok());
  const auto messages = gateway_.message_count();
  ASSERT_TRUE(woken(gateway_, patient).ok());
  EXPECT_EQ(gateway_.message_count(), messages);
}

TEST_F(WakeTest, ACommitThatFailsLeavesItDue) {
  const auto patient = attend_early();
  gateway_.now = *parse_instant("2026-04-06T15:00:00Z");
  gateway_.store().fail({ErrorCode::unavailable, "no room"});
  EXPECT_FALSE(woken(gateway_, patient).ok());
  EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(0));
  ASSERT_TRUE(woken(gateway_, patient).ok());
  EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(1));
}

// A running server with a clock that the test sets.
class WakingServerTest : public testing::Test {
 protected:
  std::unique_ptr<Server> started() {
    auto options = demo_options(data_.path());
    options.id_seed = ++starts_;
    options.clock = [this] { return now_.load(); };
    auto server = Server::start(std::move(options));
    EXPECT_TRUE(server.ok()) << (server.ok() ? "" : server.error().message);
    return server.ok() ? *std::move(server) : nullptr;
  }
  static void post(const Server& server, const std::string& body) {
    transport::HttpClient client({.target = target_of(server)});
    const auto answer =
        client.send({.method = "POST",
                     .target = "/fhir",
                     .headers = {{"Content-Type", "application/fhir+json"}},
                     .body = body});
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(answer->status, 200) << answer->body;
  }
  static std::string total(const Server& server, const std::string& query) {
    transport::HttpClient client({.target = target_of(server)});
    const auto answer = client.send({.target = "/fhir/" + query});
    if (!answer) return answer.error().message;
    const auto document = JsonDocument::parse(answer->body);
    return std::string(document->root().get("total").text());
  }
  // Waits as long as the test may last.
  static void wait_for(const Server& server, const std::string& query,
                       const std::string& wanted) {
    while (total(server, query) != wanted) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  std::atomic<Instant> now_{*parse_instant("2026-04-06T12:00:00Z")};
  std::uint64_t starts_ = 0;
  store::ScratchFolder data_;
};

TEST_F(WakingServerTest, TimeAloneReleasesASession) {
  const auto server = started();
  ASSERT_NE(server, nullptr);
  post(*server, demo("referral.json"));
  post(*server, demo("session-1-monday.json"));
  EXPECT_EQ(total(*server, "Claim?status=active"), "0");
  now_ = *parse_instant("2026-04-06T15:00:00Z");
  wait_for(*server, "Claim?status=active", "1");
  EXPECT_EQ(total(*server, "Task?status=completed"), "1");
}

TEST_F(WakingServerTest, ARestartForgetsNothing) {
  {
    const auto server = started();
    ASSERT_NE(server, nullptr);
    post(*server, demo("referral.json"));
    post(*server, demo("session-1-monday.json"));
    EXPECT_EQ(total(*server, "Claim?status=active"), "0");
  }
  now_ = *parse_instant("2026-04-08T15:00:00Z");
  const auto again = started();
  ASSERT_NE(again, nullptr);
  wait_for(*again, "Claim?status=active", "1");
  EXPECT_EQ(total(*again, "Claim"), "1");
  EXPECT_EQ(total(*again, "Encounter"), "1");
}

// A fault of our own, planted: no claim may be active. What time releases is
// then not stored, and the log says why.
TEST(UnfitWakeTest, StoresNothingThatIsNotValidAndSaysSo) {
  auto text = validate::profile_text(
      "wc-claim", "Claim",
      R"([{"id":"Claim","path":"Claim","constraint":[{"key":"planted-1",)"
      R"("severity":"error","human":"planted","expression":)"
      R"("status != 'active'"}]}])");
  text = with(text, "http://example.org/",
              "https://workgate.example/fhir/StructureDefinition/");
  const validate::Validator validator(validate::with({text}));
  ScratchGateway gateway(validator);
  gateway.now = *parse_instant("2026-04-06T12:00:00Z");
  ASSERT_EQ(gateway.post("/fhir", demo("referral.json")).status, 200);
  ASSERT_EQ(gateway.post("/fhir", demo("session-1-monday.json")).status, 200);
  const auto patient = gateway.stored("Patient").at(0).id.text();
  gateway.now = *parse_instant("2026-04-06T15:00:00Z");
  EXPECT_FALSE(woken(gateway, patient).ok());
  EXPECT_THAT(gateway.stored("Claim", "active"), SizeIs(0));
  EXPECT_THAT(gateway.stored("Task", "requested"), SizeIs(1));
  const auto message = gateway.newest_message();
  EXPECT_EQ(message.message.channel, "timer");
  EXPECT_EQ(message.message.state, store::MessageState::rejected);
  EXPECT_EQ(message.message.rule, "emit/not-valid");
}

}  // namespace
}  // namespace gateway::server
