#include "exchange/status_pages.h"

#include <gtest/gtest.h>

namespace gateway::exchange {
namespace {

TEST(StatusPagesTest, MetricsInThePrometheusFormat) {
  const std::vector<Metric> metrics = {
      {.name = "workgate_requests_total",
       .help = "requests answered",
       .samples = {{{{"method", "GET"}, {"status", "200"}}, "17"},
                   {{{"method", "a\"b\\c\nd"}}, "1"}}},
      {.name = "workgate_queue_depth",
       .help = "waiting\nnow",
       .kind = Metric::Kind::gauge,
       .samples = {{{}, "0.5"}}}};
  EXPECT_EQ(metrics_text(metrics),
            "# HELP workgate_requests_total requests answered\n"
            "# TYPE workgate_requests_total counter\n"
            "workgate_requests_total{method=\"GET\",status=\"200\"} 17\n"
            "workgate_requests_total{method=\"a\\\"b\\\\c\\nd\"} 1\n"
            "# HELP workgate_queue_depth waiting\\nnow\n"
            "# TYPE workgate_queue_depth gauge\n"
            "workgate_queue_depth 0.5\n");
  EXPECT_EQ(metrics_text({}), "");
}

TEST(StatusPagesTest, HealthFailsWithItsWorstCheck) {
  EXPECT_EQ(health_body({}), R"({"status":"pass"})");
  EXPECT_EQ(health_body({{.name = "store"}}),
            R"({"status":"pass","checks":[{"name":"store","status":"pass"}]})");
  const std::vector<Check> checks = {
      {.name = "image"},
      {.name = "store", .pass = false, .detail = "no room on the disk"}};
  EXPECT_FALSE(healthy(checks));
  EXPECT_EQ(health_body(checks),
            R"({"status":"fail","checks":[{"name":"image","status":"pass"},)"
            R"({"name":"store","status":"fail",)"
            R"("detail":"no room on the disk"}]})");
}

}  // namespace
}  // namespace gateway::exchange
