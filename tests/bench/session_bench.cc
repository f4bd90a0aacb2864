// Durable session posts per second, over HTTP against the real binary: 64
// keep-alive clients on 64 episodes, each post validated, decided, billed and
// committed with its Encounter, Claim and Provenance. Beside it, in the same
// run, what a bare writer makes of the gateway's own recorded rows, and single
// 3 KB rows with as many writers.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <semaphore>
#include <thread>
#include <vector>

#include "bench/recorded_writes.h"
#include "bench/write_sets.h"
#include "folders.h"
#include "integration/running_gateway.h"
#include "integration/sample_cases.h"
#include "store/sqlite_store.h"

namespace gateway::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using integration::RunningGateway;
using integration::SampleCase;

constexpr int kClients = 64;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Posted {
  double rate = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

// Each client posts `each` sessions of its own episode.
Posted post_sessions(RunningGateway& gateway, int each) {
  std::vector<SampleCase> samples;
  for (int i = 0; i < kClients; ++i) {
    samples.push_back(SampleCase::refer(gateway, "bench-" + std::to_string(i)));
  }
  std::vector<std::vector<double>> times(kClients);
  std::atomic<int> failed = 0;
  std::vector<std::thread> clients;
  const auto start = Clock::now();
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      transport::HttpClient client({.target = gateway.target()});
      for (int n = 0; n < each; ++n) {
        const auto sent = Clock::now();
        const auto reply =
            client.send({.method = "POST",
                         .target = "/fhir/Procedure",
                         .headers = {{"Content-Type", "application/fhir+json"},
                                     {"Prefer", "return=minimal"}},
                         .body = samples[i].session(n).body});
        if (!reply || reply->status != 201) ++failed;
        times[i].push_back(seconds_since(sent) * 1000);
      }
    });
  }
  for (auto& client : clients) client.join();
  const double took = seconds_since(start);
  if (failed > 0) {
    std::fprintf(stderr, "%d posts were not taken\n", failed.load());
    std::exit(1);
  }
  std::vector<double> all;
  for (const auto& one : times) all.insert(all.end(), one.begin(), one.end());
  std::sort(all.begin(), all.end());
  return {static_cast<double>(all.size()) / took, all[all.size() / 2],
          all[all.size() * 99 / 100]};
}

// Single rows, with as many commits waiting as there were clients.
double single_rows(const std::string& directory, int count) {
  auto opened = store::open_sqlite(
      {.directory = directory, .clock = [] { return bench_time(0); }});
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    std::exit(1);
  }
  std::counting_semaphore<kClients> permits(kClients);
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) {
    permits.acquire();
    (*opened)->commit(single_commit(i), [&](const Result<store::Receipt>&) {
      permits.release();
    });
  }
  for (int i = 0; i < kClients; ++i) permits.acquire();
  return count / seconds_since(start);
}

void print_writes(const RecordedCommits& recorded) {
  const auto count = static_cast<double>(recorded.commits.size());
  std::printf("per post: %.1f rows, of them %.1f index entries, %.0f bytes\n",
              static_cast<double>(recorded.rows) / count,
              static_cast<double>(recorded.entries) / count,
              static_cast<double>(recorded.bytes) / count);
}

void run(int each) {
  const fs::path folder = fs::path(GATEWAY_BINARY_DIR) /
                          ("session_bench." + std::to_string(getpid()));
  fs::create_directories(folder);
  RunningGateway gateway;
  const auto posted = post_sessions(gateway, each);
  gateway.terminate();
  const auto database = gateway.directory() + "/data/workgate.db";
  const auto recorded = recorded_commits(database);
  const double bare =
      BareReplay(database, (folder / "bare").string()).rate(recorded, kClients);
  const double single =
      single_rows((folder / "single").string(), each * kClients);
  std::printf(
      "session posts %.0f/s (p50 %.1f ms, p99 %.1f ms), bare replay "
      "%.0f/s, single rows %.0f/s\n",
      posted.rate, posted.p50_ms, posted.p99_ms, bare, single);
  print_writes(recorded);
  std::printf(
      "session posts : bare replay %.0f %% (goal 50)\n"
      "session posts : single rows %.0f %% (goal 10, better 20)\n",
      100 * posted.rate / bare, 100 * posted.rate / single);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace gateway::bench

int main(int count, char** words) {
  gateway::bench::run(count > 1 ? std::atoi(words[1]) : 40);
}
