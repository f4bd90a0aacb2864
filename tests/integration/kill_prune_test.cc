// Kills a process that prunes the log, again and again: each segment is there
// as a whole or gone as a whole and counted, what the messages had caused is
// there, and the next process prunes what is left.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <iostream>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "unit/store/scratch_store.h"

namespace gateway::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSegments = 4;
constexpr Sequence kLast = kSegments * kSegment + 1;

enum class Told { when_pruned, before };

PruneOrder order_of(std::int64_t segment) {
  return {.segment = segment,
          .states = {MessageState::accepted},
          .at = second(segment),
          .answers_since = second(1'000'000)};
}

bool prune(Store& store, std::int64_t segment) {
  std::promise<bool> end;
  store.prune(order_of(segment),
              [&end](const auto& counts) { end.set_value(counts.ok()); });
  return end.get_future().get();
}

Commit numbered(Sequence number) {
  auto commit = commit_of(
      "ehr", {write_of("ehr", "Claim", "c" + std::to_string(number))});
  commit.message.digest = "digest " + std::to_string(number);
  commit.message.keys = {"key " + std::to_string(number)};
  commit.message.content = std::string(2000, 'x');
  return commit;
}

// The process that gets killed. `told` hears of each segment.
[[noreturn]] void prune_all(const std::string& folder, Told when, int told) {
  const auto store = open_or_fail(options_for(folder));
  if (store == nullptr) ::_exit(2);
  const auto tell = [told](std::int64_t segment) {
    if (::write(told, &segment, sizeof segment) < 0) ::_exit(2);
  };
  for (std::int64_t segment = 1; segment <= kSegments; ++segment) {
    if (when == Told::before) tell(segment);
    if (when == Told::before) break;
    if (!prune(*store, segment)) ::_exit(3);
    tell(segment);
  }
  while (true) ::pause();
}

struct Verdict {
  int whole = 0;   // segments that are all there
  int gone = 0;    // segments of which nothing is there, and that are counted
  int broken = 0;  // others, and effects that are missing
  int untrue = 0;  // told of, and not pruned
};

Verdict verdict(Store& store, const std::set<std::int64_t>& told) {
  Verdict verdict;
  for (std::int64_t segment = 1; segment <= kSegments; ++segment) {
    std::int64_t there = 0;
    std::int64_t counted = 0;
    const auto first = (segment - 1) * kSegment + 1;
    for (auto sequence = first; sequence < first + kSegment; ++sequence) {
      if (store.message(Scope::all(), sequence)->has_value()) ++there;
      if (store.pruned_at(Scope::all(), sequence)->has_value()) ++counted;
      const auto id = "c" + std::to_string(sequence);
      const bool effect =
          store.read(Scope::all(), {"Claim", id}, std::nullopt)->has_value();
      if (!effect) ++verdict.broken;
    }
    if (there == kSegment && counted == 0) {
      ++verdict.whole;
    } else if (there == 0 && counted == kSegment) {
      ++verdict.gone;
    } else {
      ++verdict.broken;
    }
    if (there > 0 && told.count(segment) > 0) ++verdict.untrue;
  }
  return verdict;
}

class KillPruneTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto store = open_or_fail(options_for(full_.path()));
    ASSERT_NE(store, nullptr);
    std::promise<void> all;
    for (Sequence number = 1; number <= kLast; ++number) {
      store->commit(numbered(number), [&all, number](const auto& receipt) {
        EXPECT_TRUE(receipt.ok());
        if (number == kLast) all.set_value();
      });
    }
    all.get_future().get();
  }

  // Of a copy of the full log, after the kill.
  Verdict life(Told when, std::chrono::microseconds moment) {
    const ScratchFolder folder;
    fs::copy(
        full_.path(), folder.path(),
        fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    int pipe[2];
    EXPECT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe[0]);
      prune_all(folder.path(), when, pipe[1]);
    }
    ::close(pipe[1]);
    std::set<std::int64_t> told;
    std::int64_t segment = 0;
    // The first segment is waited for, so that each life gets so far.
    if (::read(pipe[0], &segment, sizeof segment) > 0) told.insert(segment);
    std::this_thread::sleep_for(moment);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the process ended by itself";
    while (::read(pipe[0], &segment, sizeof segment) > 0) told.insert(segment);
    ::close(pipe[0]);
    const auto store = open_or_fail(options_for(folder.path()));
    auto seen = verdict(*store, told);
    for (segment = 1; segment <= kSegments; ++segment) {
      EXPECT_TRUE(prune(*store, segment));
    }
    EXPECT_EQ(verdict(*store, {}).gone, kSegments) << "the rest did not go";
    EXPECT_EQ(store->last_sequence(), kLast);
    return seen;
  }

  ScratchFolder full_;
  std::mt19937 random_{20260511};
};

TEST_F(KillPruneTest, ASegmentGoesAsAWholeOrNotAtAll) {
  constexpr int kLives = 12;
  std::uniform_int_distribution<int> moment(0, 40'000);
  int gone = 0;
  int whole = 0;
  for (int i = 0; i < kLives; ++i) {
    const auto seen =
        life(Told::when_pruned, std::chrono::microseconds(moment(random_)));
    EXPECT_EQ(seen.broken, 0);
    EXPECT_EQ(seen.untrue, 0);
    gone += seen.gone;
    whole += seen.whole;
  }
  std::cout << kLives << " kills, " << gone << " segments gone, " << whole
            << " whole\n";
}

TEST_F(KillPruneTest, ControlToldBeforeItWasPruned) {
  const auto seen = life(Told::before, std::chrono::microseconds(0));
  EXPECT_GT(seen.untrue, 0) << "the checker is blind";
}

}  // namespace
}  // namespace gateway::store
