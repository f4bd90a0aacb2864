// Reactor is one thread that waits for many sockets (epoll), for work from
// other threads (eventfd) and for time. All that it calls runs on that thread.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace gateway::transport {

// Where other threads leave work for a reactor. Outlives it: what comes later
// is dropped.
class Postbox {
 public:
  using Task = std::function<void()>;

  explicit Postbox(int wakeup) : wakeup_(wakeup) {}
  ~Postbox();
  Postbox(const Postbox&) = delete;
  Postbox& operator=(const Postbox&) = delete;

  void post(Task task);  // from any thread
  [[nodiscard]] bool is_own_thread() const {
    return owner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

 private:
  friend class Reactor;
  void adopt() { owner_ = std::this_thread::get_id(); }
  void close();
  std::vector<Task> take();

  const int wakeup_;
  std::atomic<std::thread::id> owner_{};
  std::mutex mutex_;
  std::vector<Task> tasks_;
  bool closed_ = false;
};

class Reactor {
 public:
  using Key = std::uint64_t;
  using Clock = std::chrono::steady_clock;

  // `tick` is called about ten times a second, for deadlines; it may not add
  // watches. What both capture lives until the end of the round in which the
  // watch is removed.
  struct Watch {
    int socket = -1;
    std::uint32_t interest = 0;  // EPOLLIN, EPOLLOUT ...
    std::function<void(std::uint32_t events)> ready;
    std::function<void()> tick;
  };

  static Result<std::unique_ptr<Reactor>> make();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Of the reactor's thread, or before run().
  Key add(Watch watch);
  void want(Key key, std::uint32_t interest);
  void remove(Key key);
  [[nodiscard]] Clock::time_point now() const { return now_; }

  [[nodiscard]] const std::shared_ptr<Postbox>& postbox() const {
    return postbox_;
  }

  void run();        // until stop()
  void stop();       // from any thread
  void tick_soon();  // from any thread

 private:
  Reactor(int epoll, int wakeup);
  void dispatch(Key key, std::uint32_t events);
  void run_tasks();
  void run_ticks();

  static constexpr Key kWakeup = 0;

  const int epoll_;
  const std::shared_ptr<Postbox> postbox_;
  std::unordered_map<Key, Watch> watches_;
  std::vector<Key> removed_;
  Key next_key_ = kWakeup + 1;
  Clock::time_point now_;
  Clock::time_point next_tick_;
  bool stopped_ = false;
};

}  // namespace gateway::transport
