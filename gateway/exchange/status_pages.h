// The pages for those who watch the gateway: /metrics in the Prometheus text
// format, /health/live and /health/ready. Figures come in as values.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::exchange {

struct Sample {
  std::vector<std::pair<std::string, std::string>> labels{};
  std::string value;  // decimal text
};

struct Metric {
  enum class Kind : std::uint8_t { counter, gauge };
  std::string name;  // workgate_requests_total
  std::string help;
  Kind kind = Kind::counter;
  std::vector<Sample> samples{};
};

std::string metrics_text(const std::vector<Metric>& metrics);

struct Check {
  std::string name;  // "store", "image"
  bool pass = true;
  std::string detail{};  // why not, without content of messages
};

// {"status":"pass"|"fail","checks":[...]}; ready answers 503 on "fail".
std::string health_body(const std::vector<Check>& checks);
bool healthy(const std::vector<Check>& checks);

}  // namespace gateway::exchange
