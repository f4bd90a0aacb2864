#include "server/timer.h"

#include <future>
#include <memory>
#include <optional>

namespace gateway::server {
namespace {

// How often the clock is looked at: the clock is an argument, so nothing can
// wait for it. And how long traffic has to itself between two cases.
constexpr std::chrono::milliseconds kLook{200};
constexpr std::chrono::milliseconds kPause{1};
constexpr std::chrono::seconds kTryAgain{30};

}  // namespace

void Timer::start() {
  thread_ = std::thread([this] { run(); });
}

void Timer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Timer::run() {
  while (true) {
    const bool woke = wake_one();
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, woke ? kPause : kLook,
                          [this] { return stopping_; })) {
      return;
    }
  }
}

bool Timer::wake_one() {
  const auto now = clock_();
  const auto due = waking_.next_due(now);
  if (!due || !*due) return false;
  auto ended = std::make_shared<std::promise<Status>>();
  auto end = ended->get_future();
  wake_case_(**due,
             [ended](Status status) { ended->set_value(std::move(status)); });
  if (!end.get()) waking_.put_off(**due, now + kTryAgain);
  return true;
}

}  // namespace gateway::server
