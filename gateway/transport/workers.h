// Workers are a few threads before which a bounded number of tasks may wait.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gateway::transport {

class Workers {
 public:
  using Task = std::function<void()>;

  Workers(int threads, std::size_t most_waiting);
  ~Workers();  // ends what runs and drops what waits
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False when as many wait as may.
  [[nodiscard]] bool try_submit(Task task);

 private:
  void work();

  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Task> waiting_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace gateway::transport
