// Retention is how long the site keeps what it received, by the state in which
// a message ended. A state without a number of days is kept for good, which is
// the default for all of them.

#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/date.h"
#include "base/result.h"
#include "base/yaml.h"
#include "store/retention.h"

namespace gateway::server {

struct Retention {
  using Days = std::chrono::duration<std::int64_t, std::ratio<86'400>>;

  std::map<store::MessageState, Days> keep{};
  // For so long after its receipt, a message that was pruned is known again,
  // and gets the answer that it got.
  Days answers{30};
  bool daily = false;  // pruned without being asked, once a day

  // The states that may go, of a segment whose newest message is of then.
  [[nodiscard]] std::set<store::MessageState> due(Instant newest,
                                                  Instant now) const;
};

// messageLog of the configuration; `root` is the whole of it.
Result<Retention> read_retention(const Yaml& root);

}  // namespace gateway::server
