// Plans holds what operators let be planned first, and then start or cancel:
// replays and prunings of the log. The last few are kept, and one thread works
// on them.

#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace gateway::server {

enum class PlanState : std::uint8_t {
  planning,
  planned,  // waits for start()
  running,
  done,
  cancelled,
  failed,
};
std::string_view name(PlanState state);
bool ended(PlanState state);

// `Plan` has an `id` and a `state`. Any thread may call.
template <typename Plan>
class Plans {
 public:
  static constexpr std::size_t kMost = 16;  // the oldest is forgotten

  // Gives the plan its id.
  std::int64_t add(Plan plan) {
    const std::lock_guard lock(mutex_);
    if (plans_.size() == kMost) plans_.pop_front();
    plan.id = ++last_id_;
    plans_.push_back(std::move(plan));
    changed_.notify_all();
    return last_id_;
  }

  [[nodiscard]] std::optional<Plan> find(std::int64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(plans_.begin(), plans_.end(),
                                    [=](const Plan& p) { return p.id == id; });
    if (found == plans_.end()) return std::nullopt;
    return *found;
  }

  // False where the plan is not in a state for it.
  bool start(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    auto* const plan = known(id);
    if (plan == nullptr || plan->state != PlanState::planned) return false;
    plan->state = PlanState::running;
    changed_.notify_all();
    return true;
  }
  bool cancel(std::int64_t id) {
    const std::lock_guard lock(mutex_);
    auto* const plan = known(id);
    if (plan == nullptr || ended(plan->state)) return false;
    plan->state = PlanState::cancelled;
    changed_.notify_all();
    return true;
  }

  // Changes a plan. False once it was cancelled, or all ends.
  bool note(std::int64_t id, const std::function<void(Plan&)>& change) {
    const std::lock_guard lock(mutex_);
    auto* const plan = known(id);
    if (plan == nullptr || closing_ || plan->state == PlanState::cancelled) {
      return false;
    }
    change(*plan);
    return true;
  }

  // The next plan with something to do, for which it waits; `idle` is called
  // each time that `period` passed without one. Nothing at the end.
  std::optional<Plan> next(std::chrono::milliseconds period,
                           const std::function<void()>& idle) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return closing_ || waiting() != plans_.end(); };
    while (!changed_.wait_for(lock, period, ready)) {
      lock.unlock();
      idle();
      lock.lock();
    }
    if (closing_) return std::nullopt;
    return *waiting();
  }

  // Until then, or until the plan was cancelled or forgotten, or all ends.
  void wait(std::int64_t id, std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [&] {
      const auto* const plan = known(id);
      return closing_ || plan == nullptr || plan->state == PlanState::cancelled;
    });
  }

  void for_each(const std::function<void(const Plan&)>& look) const {
    const std::lock_guard lock(mutex_);
    for (const auto& plan : plans_) look(plan);
  }

  // Lets next() end, for good.
  void close() {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    changed_.notify_all();
  }

 private:
  // REQUIRES, as below: the lock is held.
  Plan* known(std::int64_t id) {
    const auto found = std::find_if(plans_.begin(), plans_.end(),
                                    [=](const Plan& p) { return p.id == id; });
    return found == plans_.end() ? nullptr : &*found;
  }
  auto waiting() {
    return std::find_if(plans_.begin(), plans_.end(), [](const Plan& plan) {
      return plan.state == PlanState::planning ||
             plan.state == PlanState::running;
    });
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Plan> plans_;
  std::int64_t last_id_ = 0;
  bool closing_ = false;
};

}  // namespace gateway::server
