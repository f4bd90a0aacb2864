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

}  // namespace
}  // namespace gateway::server
