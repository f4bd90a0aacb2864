// Metrics counts what /metrics shows. Labels are rule ids, states and methods:
// nothing of a message.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/status_pages.h"
#include "server/editions.h"
#include "store/store.h"

namespace gateway::server {

class Metrics {
 public:
  void count_answer(std::string_view method, int status);
  void count_end(store::MessageState state, std::string_view rule);

  // `waiting` says whose messages wait for a row or a person, one name each.
  void watch_parked(std::function<std::vector<std::string>()> waiting) {
    parked_ = std::move(waiting);
  }

  [[nodiscard]] std::vector<exchange::Metric> snapshot() const;

 private:
  using Counts = std::map<std::pair<std::string, std::string>, std::uint64_t>;
  mutable std::mutex mutex_;
  Counts answers_;  // method, status
  Counts ends_;     // state, rule
  std::function<std::vector<std::string>()> parked_;
};

// Which edition is in force, and what became of attempts to replace it.
std::vector<exchange::Metric> metrics_of(const Editions::State& state);

}  // namespace gateway::server
