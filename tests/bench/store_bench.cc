// How fast the store commits with 64 waiting writers: single 3 KB rows, and
// what a posted session causes; beside them a bare SQLite writer that replays
// the rows of the second case. Prints rates and their ratios.
//
//   store_bench [commits per round, default 20000] [rounds, default 3]

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <semaphore>
#include <string>
#include <vector>

#include "bench/recorded_writes.h"
#include "bench/write_sets.h"
#include "folders.h"
#include "store/sqlite_store.h"

namespace gateway::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::ptrdiff_t kWriters = 64;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Figures {
  double rate = 0;
  double cpu_micros = 0;  // of all threads, per commit
};

std::unique_ptr<store::Store> open(const std::string& directory) {
  store::SqliteOptions options;
  options.directory = directory;
  options.clock = [] {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  };
  auto opened = store::open_sqlite(std::move(options));
  if (!opened.ok()) {
    std::cerr << opened.error().message << '\n';
    std::exit(1);
  }
  return *std::move(opened);
}

// Keeps kWriters commits waiting until all are done.
Figures commit_all(store::Store& store, std::vector<Commit> commits) {
  const auto count = static_cast<double>(commits.size());
  std::counting_semaphore<kWriters> permits(kWriters);
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  for (auto& commit : commits) {
    permits.acquire();
    store.commit(std::move(commit), [&](const Result<store::Receipt>& result) {
      if (!result.ok()) {
        std::cerr << result.error().message << '\n';
        std::exit(1);
      }
      permits.release();
    });
  }
  for (std::ptrdiff_t i = 0; i < kWriters; ++i) permits.acquire();
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - start;
  return {count / took.count(), (cpu_seconds() - cpu) / count * 1e6};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

class Rounds {
 public:
  Rounds(fs::path folder, std::int64_t commits)
      : folder_(std::move(folder)), commits_(commits) {}

  void run(int round) {
    const auto place = [&](const char* name) {
      return (folder_ / (name + std::to_string(round))).string();
    };
    const auto single = commit_all(*open(place("single")), singles());
    const auto post = commit_all(*open(place("post")), posts());
    const auto database = place("post") + "/workgate.db";
    const auto recorded = recorded_commits(database);
    BareReplay replay(database, place("bare"));
    const double bare = replay.rate(recorded, kWriters);
    std::printf(
        "round %d: single %.0f/s (%.0f us CPU), session post %.0f/s "
        "(%.0f us CPU), bare replay %.0f/s; post : bare %.0f %%, "
        "post : single %.0f %%\n",
        round, single.rate, single.cpu_micros, post.rate, post.cpu_micros, bare,
        100 * post.rate / bare, 100 * post.rate / single.rate);
    of_bare_.push_back(100 * post.rate / bare);
    of_single_.push_back(100 * post.rate / single.rate);
    if (round == 1) print_size(recorded, database);
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }

  void print_ratios() const {
    std::printf(
        "median: post : bare replay %.0f %% (goal 50), "
        "post : single row %.0f %% (goal 10, better 20)\n",
        median(of_bare_), median(of_single_));
  }

 private:
  [[nodiscard]] std::vector<Commit> singles() const {
    std::vector<Commit> commits;
    for (std::int64_t i = 0; i < commits_; ++i) {
      commits.push_back(single_commit(i));
    }
    return commits;
  }
  [[nodiscard]] std::vector<Commit> posts() const {
    std::vector<Commit> commits;
    for (std::int64_t i = 0; i < commits_; ++i) {
      commits.push_back(SessionPost{i, i % kWriters}.commit());
    }
    return commits;
  }
  void print_size(const RecordedCommits& recorded,
                  const std::string& database) const {
    const auto count = static_cast<double>(recorded.commits.size());
    std::printf(
        "session post: %.1f rows, of them %.1f index entries, %.0f bytes; "
        "%.0f bytes of database each\n",
        static_cast<double>(recorded.rows) / count,
        static_cast<double>(recorded.entries) / count,
        static_cast<double>(recorded.bytes) / count,
        static_cast<double>(fs::file_size(database)) / count);
  }

  fs::path folder_;
  std::int64_t commits_;
  std::vector<double> of_bare_;
  std::vector<double> of_single_;
};

}  // namespace
}  // namespace gateway::bench

int main(int count, char** words) {
  namespace fs = std::filesystem;
  const std::int64_t commits = count > 1 ? std::atoll(words[1]) : 20000;
  const int rounds = count > 2 ? std::atoi(words[2]) : 3;
  // Beside the binary, not in /tmp: that may be memory, where a sync is free.
  const fs::path folder = fs::path(GATEWAY_BINARY_DIR) /
                          ("store_bench." + std::to_string(getpid()));
  fs::create_directories(folder);
  gateway::bench::Rounds bench(folder, commits);
  for (int round = 1; round <= rounds; ++round) bench.run(round);
  bench.print_ratios();
  fs::remove_all(folder);
}
