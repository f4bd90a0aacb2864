// Prunings takes out of the message log what the site keeps no longer: first a
// plan that counts what would go, then, when it is started, segment by segment.
// Each segment is one transaction, so an end at any point leaves a whole log,
// and the next plan finds what is left.
//
// Never taken: a held message while a Task that it raised is open, and what a
// replay is about to take once more.

#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

#include "server/pipeline.h"
#include "server/plans.h"
#include "server/retention.h"
#include "store/store.h"

namespace gateway::server {

struct PrunePlan {
  std::int64_t id = 0;
  PlanState state = PlanState::planning;
  Instant at{};  // when it was asked for: what is old enough by then goes
  Instant answers_since{};
  bool by_itself = false;  // starts when it is planned
  std::vector<store::PruneOrder> segments{};
  std::vector<store::MessageCount> would{};  // by partner and state
  std::int64_t open = 0;                     // old enough, and kept
  std::int64_t pruned = 0;                   // messages, so far
};

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
  [[nodiscard]] std::optional<PrunePlan> find(std::int64_t id) const {
    return plans_.find(id);
  }
  // False where the plan is not in a state for it.
  bool start(std::int64_t id) { return plans_.start(id); }
  bool cancel(std::int64_t id) { return plans_.cancel(id); }

  // Where the site prunes daily and that is due: a plan that starts by itself.
  std::optional<std::int64_t> plan_if_due();

 private:
  void work();
  void look(const PrunePlan& asked);
  bool add_segments(PrunePlan& plan, const Retention& retention);
  bool add_segment(PrunePlan& plan, store::PruneOrder order,
                   const std::vector<store::MessageCount>& parts);
  Result<bool> has_open_task(const store::StoredMessage& message) const;
  Result<bool> is_first_open(const store::StoredMessage& copy) const;
  void run(const PrunePlan& plan);

  const Parts& parts_;
  UnderReplay under_replay_;
  Plans<PrunePlan> plans_;
  std::mutex daily_;  // guards the next
  std::optional<Instant> last_daily_;
  std::thread thread_;
};

}  // namespace gateway::server
