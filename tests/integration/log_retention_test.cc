// The message log of the binary, pruned over HTTP: planned, started, killed in
// the midst, and taken up again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "integration/running_gateway.h"
#include "unit/store/scratch_store.h"

namespace gateway::integration {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kOld = 3 * store::kSegment + 1;

class LogRetentionTest : public testing::Test {
 protected:
  // Puts messages of long ago into the log of a gateway that does not run.
  void SetUp() override {
    ASSERT_EQ(gateway_.terminate(), 0);
    auto options = store::options_for(gateway_.directory() + "/data");
    const auto log = store::open_or_fail(std::move(options));
    ASSERT_NE(log, nullptr);
    std::promise<void> all;
    for (std::int64_t i = 1; i <= kOld; ++i) {
      store::Commit commit;
      commit.message = {.owner = "demo-ehr",
                        .channel = "mllp",
                        .received_at = *parse_instant("2024-04-06T00:00:00Z"),
                        .request = "ADT^A04",
                        .content = "content " + std::to_string(i),
                        .state = store::MessageState::rejected};
      log->commit(std::move(commit), [&all, i](const auto& receipt) {
        EXPECT_TRUE(receipt.ok());
        if (i == kOld) all.set_value();
      });
    }
    all.get_future().get();
  }
  Reply operate(const std::string& method, const std::string& target) {
    return gateway_.send(method, target, {},
                         {{"X-Workgate-Partner", "demo-operator"}});
  }
  std::string plan() {
    const auto asked = operate("POST", "/log/messages/$prune");
    EXPECT_EQ(asked.status, 202) << asked.body;
    return "/log/prunings/" + std::string(asked.root().get("id").text());
  }
  Reply await(const std::string& page, std::string_view state) {
    for (int i = 0; i < 6'000; ++i) {
      auto reply = operate("GET", page);
      if (reply.root().get("state").text() == state) return reply;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << page << " never was " << state;
    return {};
  }

  const ScratchConfiguration configuration_{
      "limits:\n", "messageLog: {keepDays: {rejected: 365}}\nlimits:\n", ""};
  RunningGateway gateway_{configuration_.file()};
};

TEST_F(LogRetentionTest, APlanIsStartedAndWhatWentStaysCounted) {
  gateway_.start();
  const auto page = plan();
  const auto planned = await(page, "planned");
  EXPECT_EQ(planned.root().get("segments").text(), "3");
  EXPECT_EQ(planned.root().find("would.messages").text(), "768");
  EXPECT_EQ(operate("GET", "/log/messages/7").status, 200);
  EXPECT_EQ(operate("POST", page + "/$start").status, 200);
  EXPECT_EQ(await(page, "done").root().get("pruned").text(), "768");
  const auto gone = operate("GET", "/log/messages/7");
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(rules(gone.root()), std::vector<std::string>{"log/pruned"});
  EXPECT_THAT(operate("GET", "/log/messages?state=rejected").body,
              HasSubstr("\"state\":\"rejected\",\"messages\":768"));
}

TEST_F(LogRetentionTest, WhatAKillLeavesIsPrunedByTheNextPlan) {
  gateway_.start();
  auto page = plan();
  await(page, "planned");
  EXPECT_EQ(operate("POST", page + "/$start").status, 200);
  gateway_.kill();
  gateway_.start();
  page = plan();
  await(page, "planned");
  EXPECT_EQ(operate("POST", page + "/$start").status, 200);
  await(page, "done");
  const auto listed = operate("GET", "/log/messages?state=rejected");
  int counted = 0;
  for (const Json pruned : listed.root().get("pruned")) {
    counted += std::stoi(std::string(pruned.get("messages").text()));
  }
  EXPECT_EQ(counted, 768);
}

}  // namespace
}  // namespace gateway::integration
