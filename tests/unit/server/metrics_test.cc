#include "server/metrics.h"

#include <gtest/gtest.h>

namespace gateway::server {
namespace {

TEST(MetricsTest, CountsByLabel) {
  Metrics metrics;
  metrics.count_answer("POST", 201);
  metrics.count_answer("POST", 201);
  metrics.count_answer("GET", 404);
  metrics.count_end(store::MessageState::held, "ledger/expired");
  const auto samples = metrics.snapshot();
  ASSERT_EQ(samples[0].samples.size(), 2U);
  EXPECT_EQ(samples[0].samples[1].value, "2");
  EXPECT_EQ(samples[1].samples[0].labels[1].second, "ledger/expired");
}

TEST(MetricsTest, SaysHowManyMessagesWait) {
  Metrics metrics;
  EXPECT_TRUE(metrics.snapshot()[2].samples.empty());
  metrics.watch_parked([] {
    return std::vector<std::string>{"lab", "clinic", "lab"};
  });
  const auto parked = metrics.snapshot()[2];
  EXPECT_EQ(parked.name, "workgate_parked_messages");
  ASSERT_EQ(parked.samples.size(), 2U);
  EXPECT_EQ(parked.samples[0].labels[0].second, "clinic");
  EXPECT_EQ(parked.samples[1].value, "2");
}

}  // namespace
}  // namespace gateway::server
