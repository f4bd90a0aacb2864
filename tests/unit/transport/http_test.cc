#include "transport/http.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace gateway::transport {
namespace {

struct Sent {
  std::vector<int> statuses;
  Responder responder() {
    return Responder(
        [this](const Response& r) { statuses.push_back(r.status); });
  }
};

TEST(HttpTest, HeaderFindsTheFirstValue) {
  const Headers headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(header(headers, "a"), "1");
  EXPECT_EQ(header(headers, "b"), "2");
  EXPECT_EQ(header(headers, "c"), "");
}

TEST(ResponderTest, OnlyTheFirstSendCounts) {
  Sent sent;
  {
    const auto responder = sent.responder();
    responder.send({.status = 201});
    responder.send({.status = 202});
  }
  EXPECT_EQ(sent.statuses, std::vector<int>{201});
}

TEST(ResponderTest, TheLastCopyThatGoesAwayUnusedAnswers500) {
  Sent sent;
  {
    const auto responder = sent.responder();
    const Responder copy = responder;  // NOLINT: the copy is the test
  }
  EXPECT_EQ(sent.statuses, std::vector<int>{500});
}

TEST(ResponderTest, CopiesOnManyThreadsSendOnce) {
  Sent sent;
  {
    const auto responder = sent.responder();
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([responder] { responder.send({.status = 204}); });
    }
    for (auto& thread : threads) thread.join();
  }
  EXPECT_EQ(sent.statuses, std::vector<int>{204});
}

}  // namespace
}  // namespace gateway::transport
