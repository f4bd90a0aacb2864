// SenderTurns let senders take turns: however much one of them sends, another
// one waits for no more than what is being done. Of this kind of work only so
// much lies in the pool at once, so that other work waits for no more either.

#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "server/under_way.h"

namespace gateway::server {

class SenderTurns {
 public:
  using Run = std::function<void(std::function<void()>)>;
  // It lives until no mark of its work does.
  struct Work {
    std::function<void()> run;
    std::shared_ptr<UnderWay::Mark> mark;
  };

  // `run` executes in the pool.
  explicit SenderTurns(Run run) : run_(std::move(run)) {}

  void add(const std::string& sender, Work work);

 private:
  void take_next();

  Run run_;
  std::mutex mutex_;
  std::map<std::string, std::deque<Work>> waiting_;
  std::deque<std::string> turns_;  // senders that have something waiting
  std::size_t working_ = 0;
};

}  // namespace gateway::server
