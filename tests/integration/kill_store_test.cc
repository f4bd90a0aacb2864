// Kills a process that commits, again and again, and looks for what it had
// acknowledged: nothing may be lost, half there or there twice. The controls
// break the promise on purpose, and the same checker must see it.
//
// WORKGATE_KILLS sets the number of kills.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <semaphore>
#include <set>
#include <string>
#include <vector>

#include "unit/store/fault_vfs.h"
#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

using Number = std::int64_t;
using Clock = std::chrono::steady_clock;

constexpr std::ptrdiff_t kInFlight = 64;
// On a busy machine a life may end before it has done anything.
constexpr int kControls = 60;

enum class Acknowledge { after_commit, before_commit };
enum class Disk { system, power_cut, lying };

struct Promise {
  Acknowledge acknowledge = Acknowledge::after_commit;
  Disk disk = Disk::system;
};

std::string id_of(Number number) { return std::to_string(number); }

// Two resources, a key, a digest, a feed event and ledger entries.
Commit numbered(Number number) {
  const auto id = id_of(number);
  auto commit = commit_of(
      "ehr", {write_of("ehr", "Procedure", id), write_of("ehr", "Claim", id)});
  commit.message.digest = "digest " + id;
  commit.message.content = std::string(1000, 'x') + id;
  commit.keys = {{"ehr", "Procedure", "key " + id, {"Procedure", id}}};
  commit.feed = {{"ehr", "claim-available", {"Claim", id}, 1}};
  commit.ledger = {{"ehr", "a", "remaining", "visits", "-1", id, "attended"},
                   {"ehr", "a", "used", "visits", "1", id, "attended"}};
  return commit;
}

std::string vfs_name(Disk disk) {
  if (disk == Disk::power_cut) return register_power_cut_vfs();
  if (disk == Disk::lying) return register_lying_disk_vfs();
  return {};
}

// The process that gets killed: repeats what its predecessor was not told of,
// then goes on from `next`, and writes each number that it acknowledges.
[[noreturn]] void commit_for_ever(const std::string& folder, Promise promise,
                                  const std::set<Number>& again, Number next,
                                  int acks) {
  auto options = options_for(folder);
  options.vfs = vfs_name(promise.disk);
  const auto store = open_or_fail(std::move(options));
  if (store == nullptr) ::_exit(2);
  std::counting_semaphore<kInFlight> permits(kInFlight);
  const auto acknowledge = [acks](Number number) {
    if (::write(acks, &number, sizeof number) < 0) ::_exit(2);
  };
  const auto post = [&](Number number) {
    permits.acquire();
    if (promise.acknowledge == Acknowledge::before_commit) acknowledge(number);
    store->commit(numbered(number), [&, number](const Result<Receipt>& end) {
      // A conflict says that the predecessor had committed it.
      const bool kept = end.ok() || end.error().code == ErrorCode::conflict;
      if (kept && promise.acknowledge == Acknowledge::after_commit) {
        acknowledge(number);
      }
      permits.release();
    });
  };
  for (const auto number : again) post(number);
  while (true) post(next++);
}

// All numbers that arrive within the time, or, without a time, until the end.
void collect(int acks, std::optional<Clock::time_point> until,
             std::set<Number>& acknowledged) {
  while (true) {
    int wait = -1;
    if (until) {
      wait = static_cast<int>(
          std::chrono::duration_cast<std::chrono::milliseconds>(*until -
                                                                Clock::now())
              .count());
      if (wait <= 0) return;
    }
    pollfd ready{acks, POLLIN, 0};
    if (::poll(&ready, 1, wait) <= 0) continue;
    Number numbers[512];
    const auto size = ::read(acks, numbers, sizeof numbers);
    if (size <= 0) return;
    const auto count = static_cast<std::size_t>(size) / sizeof(Number);
    acknowledged.insert(numbers, numbers + count);
  }
}

struct Tally {
  std::size_t acknowledged = 0;
  std::size_t lost = 0;      // acknowledged, and not there
  std::size_t halves = 0;    // there in part
  std::size_t repeated = 0;  // there more than once
};

// Every feed event must be one whole commit, the only one of its number.
Tally tally(Store& store, const std::set<Number>& acknowledged) {
  const auto scope = Scope::of("ehr");
  Tally tally;
  tally.acknowledged = acknowledged.size();
  const auto feed = *store.feed(scope, "claim-available", 0, 10'000'000);
  std::map<std::string, int> events;
  Sequence expected = 0;
  for (const auto& item : feed) {
    if (item.sequence != ++expected) ++tally.halves;
    ++events[item.event.resource.id];
  }
  for (const auto& [id, count] : events) {
    if (count > 1) ++tally.repeated;
    const auto key = *store.find_key("ehr", "Procedure", "key " + id);
    if (!key || !*store.read(scope, *key, std::nullopt) ||
        !*store.read(scope, {"Claim", id}, std::nullopt) ||
        !*store.find_digest("ehr", "digest " + id)) {
      ++tally.halves;
    }
  }
  for (const auto number : acknowledged) {
    if (!events.contains(id_of(number))) ++tally.lost;
  }
  for (const char* const type : {"Procedure", "Claim"}) {
    const auto count = *store.count(scope, {.type = type});
    if (count != static_cast<std::int64_t>(events.size())) ++tally.halves;
  }
  if (store.ledger("ehr", "a")->size() != 2 * events.size()) ++tally.halves;
  if (store.last_sequence() != static_cast<Sequence>(events.size())) {
    ++tally.halves;
  }
  return tally;
}

class KillStoreTest : public testing::Test {
 protected:
  static int kills(int usual) {
    const char* const asked = std::getenv("WORKGATE_KILLS");
    return asked == nullptr ? usual : std::atoi(asked);
  }

  // One life: starts, is killed at a random moment, leaves its numbers.
  void live_and_die(Promise promise) {
    std::set<Number> again;
    for (Number number = next_ - 2 * kInFlight; number < next_; ++number) {
      if (number >= 0 && !acknowledged_.contains(number)) again.insert(number);
    }
    int acks[2];
    ASSERT_EQ(::pipe(acks), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(acks[0]);
      commit_for_ever(folder_.path(), promise, again, next_, acks[1]);
    }
    ::close(acks[1]);
    std::uniform_int_distribution<int> moment(5, 120);
    collect(acks[0], Clock::now() + std::chrono::milliseconds(moment(random_)),
            acknowledged_);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the process ended by itself";
    collect(acks[0], std::nullopt, acknowledged_);
    ::close(acks[0]);
    // The next life must not take numbers that this one had in flight.
    if (!acknowledged_.empty()) {
      next_ = std::max(next_, *acknowledged_.rbegin() + 1);
    }
    next_ += kInFlight;
  }
  Tally verdict() {
    const auto store = open_or_fail(options_for(folder_.path()));
    return store == nullptr ? Tally{} : tally(*store, acknowledged_);
  }

  ScratchFolder folder_;
  std::set<Number> acknowledged_;
  Number next_ = 0;
  std::mt19937 random_{20260406};
};

// A slow machine may acknowledge nothing in the first lives.
void expect_kept(const Tally& tally, bool at_the_end) {
  if (at_the_end) {
    EXPECT_GT(tally.acknowledged, 0U);
  }
  EXPECT_EQ(tally.lost, 0U) << "of " << tally.acknowledged;
  EXPECT_EQ(tally.halves, 0U);
  EXPECT_EQ(tally.repeated, 0U);
}

TEST_F(KillStoreTest, NothingAcknowledgedIsLostWhenKilled) {
  const int lives = kills(100);
  for (int i = 1; i <= lives; ++i) {
    live_and_die({});
    if (i % 10 == 0 || i == lives) expect_kept(verdict(), i == lives);
  }
  std::cout << lives << " kills, " << acknowledged_.size() << " acknowledged\n";
}

TEST_F(KillStoreTest, NothingAcknowledgedIsLostInAPowerCut) {
  const int lives = kills(50);
  for (int i = 1; i <= lives; ++i) {
    live_and_die({.disk = Disk::power_cut});
    if (i % 10 == 0 || i == lives) expect_kept(verdict(), i == lives);
  }
  std::cout << lives << " power cuts, " << acknowledged_.size()
            << " acknowledged\n";
}

TEST_F(KillStoreTest, ControlAcknowledgedBeforeTheCommit) {
  Tally worst;
  for (int i = 0; i < kControls && worst.lost == 0; ++i) {
    live_and_die({.acknowledge = Acknowledge::before_commit});
    worst = verdict();
  }
  EXPECT_GT(worst.lost, 0U) << "the checker is blind";
}

TEST_F(KillStoreTest, ControlADiskThatLies) {
  Tally worst;
  for (int i = 0; i < kControls && worst.lost == 0; ++i) {
    live_and_die({.disk = Disk::lying});
    worst = verdict();
  }
  EXPECT_GT(worst.lost, 0U) << "the checker is blind";
}

}  // namespace
}  // namespace gateway::store
