// Prunings takes out of the message log what the site keeps no longer: first a
// plan that counts what would go, then, when it is started, segment by segment.
// Each segment is one transaction, so an end at any point leaves a whole log,
// and the next plan finds what is left.
//
// Never taken: a held message while a Task that it raised is open, and what a
// replay is about to take once more.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

#include "server/pipeline.h"
#include "server/retention.h"
#include "store/store.h"

namespace gateway::server {

struct PrunePlan {
  enum class State : std::uint8_t {
    planning,
    planned,  // waits for start()
    running,
    done,
    cancelled,
    failed,
  };
  std::int64_t id = 0;
  State state = State::planning;
  Instant at{};  // when it was asked for: what is old enough by then goes
  Instant answers_since{};
  std::vector<store::PruneOrder> segments{};
  std::vector<store::MessageCount> would{};  // by partner and state
  std::int64_t open = 0;                     // old enough, and kept
  std::int64_t pruned = 0;                   // messages, so far
};
std::string_view name(PrunePlan::State state);

class Prunings {
 public:
  // Messages that must not go now.
  using UnderReplay = std::function<std::set<store::Sequence>()>;

  // `parts` outlive the prunings.
  Prunings(const Parts& parts, UnderReplay under_replay);
  ~Prunings() { stop(); }
  Prunings(const Prunings&) = delete;
  Prunings& operator=(const Prunings&) = delete;

  // Ends behind the segment that is being pruned.
  void stop();

  // What the configuration in force says; the plan is found by its id.
  std::int64_t plan();
  [[nodiscard]] std::optional<PrunePlan> find(std::int64_t id) const;
  // False where the plan is not in a state for it.
  bool start(std::int64_t id);
  bool cancel(std::int64_t id);

  // Where the site prunes daily and that is due: a plan that starts by itself.
  std::optional<std::int64_t> plan_if_due();

 private:
  void work();
  std::optional<PrunePlan> next();
  void look(const PrunePlan& asked);
  bool add_segments(PrunePlan& plan, const Retention& retention);
  bool add_segment(PrunePlan& plan, store::PruneOrder order,
                   const std::vector<store::MessageCount>& parts);
  Result<bool> is_open(const store::StoredMessage& message) const;
  void run(const PrunePlan& plan);
  std::int64_t add_plan();
  bool note(std::int64_t id, const std::function<void(PrunePlan&)>& change);
  PrunePlan* known(std::int64_t id);

  const Parts& parts_;
  UnderReplay under_replay_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<PrunePlan> plans_;
  std::set<std::int64_t> by_itself_;  // plans that start when planned
  std::int64_t last_id_ = 0;
  std::optional<Instant> last_daily_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace gateway::server
