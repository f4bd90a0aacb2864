// Timer is the thread that wakes cases when they are due, one after the other:
// however many are due at midnight, traffic has the rest of the machine.

#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/date.h"
#include "server/waking.h"

namespace gateway::server {

class Timer {
 public:
  using Clock = std::function<Instant()>;
  // Decides the case again, and calls back when that has ended.
  using WakeCase =
      std::function<void(const Waking::Due&, std::function<void(Status)>)>;

  Timer(Waking& waking, Clock clock, WakeCase wake_case)
      : waking_(waking),
        clock_(std::move(clock)),
        wake_case_(std::move(wake_case)) {}
  ~Timer() { stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start();
  // Waits for the case that is being decided.
  void stop();

  // Wakes the next case that is due, and waits for its end. False if there is
  // none. What start() does again and again.
  bool wake_one();

 private:
  void run();

  Waking& waking_;
  Clock clock_;
  WakeCase wake_case_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace gateway::server
