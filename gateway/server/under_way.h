// UnderWay counts the messages that have no end yet, so that nothing is taken
// apart while one of them still needs it.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace gateway::server {

class UnderWay {
 public:
  // Counts as one message while it lives.
  class Mark {
   public:
    explicit Mark(UnderWay& all) : all_(all) {
      const std::lock_guard lock(all_.mutex_);
      ++all_.count_;
    }
    ~Mark() {
      const std::lock_guard lock(all_.mutex_);
      if (--all_.count_ == 0) all_.none_.notify_all();
    }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    UnderWay& all_;
  };

  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

  void wait_for_none() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

}  // namespace gateway::server
