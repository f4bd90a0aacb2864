// Ids mints resource ids: a part that is random for each start of a process,
// and a counter. They are unique over nodes and restarts, and are read back
// from the log, never computed again.

#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace gateway::server {

class Ids {
 public:
  // `seed`: 40 bits of randomness.
  explicit Ids(std::uint64_t seed);
  std::string next();

 private:
  std::string prefix_;
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace gateway::server
