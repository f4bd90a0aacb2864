#include "server/sender_turns.h"

#include <utility>

namespace gateway::server {
namespace {

constexpr std::size_t kAtOnce = 4;

}  // namespace

void SenderTurns::add(const std::string& sender, Work work) {
  auto mark = work.mark;
  {
    const std::lock_guard lock(mutex_);
    auto& queue = waiting_[sender];
    if (queue.empty()) turns_.push_back(sender);
    queue.push_back(std::move(work));
    if (working_ == kAtOnce) return;
    ++working_;
  }
  run_([this, mark = std::move(mark)] { take_next(); });
}

void SenderTurns::take_next() {
  Work work;
  {
    const std::lock_guard lock(mutex_);
    if (turns_.empty()) {
      --working_;
      return;
    }
    const auto sender = std::move(turns_.front());
    turns_.pop_front();
    const auto queue = waiting_.find(sender);
    work = std::move(queue->second.front());
    queue->second.pop_front();
    if (queue->second.empty()) {
      waiting_.erase(queue);
    } else {
      turns_.push_back(sender);
    }
  }
  work.run();
  // Behind whatever else waits in the pool.
  run_([this, mark = std::move(work.mark)] { take_next(); });
}

}  // namespace gateway::server
