// Replays takes messages of the log on their way once more: one, or all that
// a search finds, after a plan has tried each and said what would change. What
// had its effect has it once; a plan goes no faster than it was told, and ends
// when it is cancelled.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "server/pipeline.h"
#include "server/plans.h"
#include "server/v2_intake.h"

namespace gateway::server {

// Ends the request line of what had conditions, in the log.
inline constexpr std::string_view kConditionalMark = " (conditional)";

struct ReplayOrder {
  store::MessageQuery query{};  // its count is not looked at
  std::size_t most = 1'000;     // messages
  std::size_t per_second = 20;
};

struct ReplayPlan {
  using Counts = std::map<std::string, std::size_t>;

  std::int64_t id = 0;
  ReplayOrder order{};
  PlanState state = PlanState::planning;
  std::vector<store::Sequence> messages{};
  bool capped = false;  // more would have been found
  Counts partners{};    // whose they are
  Counts would{};       // "accepted", "rejected map/missing" ...
  Counts writes{};      // resources that would be written, by type
  std::size_t replayed = 0;
  Counts became{};  // as `would`, of what was replayed
};

// Why a message cannot be replayed; nothing if it can.
std::optional<std::string> unrepeatable(const store::Message& message);

class Replays {
 public:
  using Done = std::function<void(const End&)>;

  // All outlive the replays.
  Replays(const Parts& parts, Pipeline& pipeline, V2Intake& intake);
  ~Replays() { stop(); }
  Replays(const Replays&) = delete;
  Replays& operator=(const Replays&) = delete;

  // Ends the plan under way behind the message that it is at.
  void stop();

  // REQUIRES: unrepeatable() says nothing.
  void replay(const store::StoredMessage& message, Purpose purpose, Done done);

  // Looks for the messages and tries them; the plan is found by its id.
  std::int64_t plan(const ReplayOrder& order);
  [[nodiscard]] std::optional<ReplayPlan> find(std::int64_t id) const {
    return plans_.find(id);
  }
  // False where the plan is not in a state for it.
  bool start(std::int64_t id) { return plans_.start(id); }
  bool cancel(std::int64_t id) { return plans_.cancel(id); }

  // Messages of plans that have not ended.
  [[nodiscard]] std::set<store::Sequence> under_way() const;

 private:
  void replay_fhir(const store::StoredMessage& message, Purpose purpose,
                   Done done);
  void work();
  void try_all(const ReplayPlan& plan);
  bool gather(const ReplayPlan& plan);
  void run_all(const ReplayPlan& plan);
  End replay_now(store::Sequence sequence, Purpose purpose);

  const Parts& parts_;
  Pipeline& pipeline_;
  V2Intake& intake_;
  Plans<ReplayPlan> plans_;
  std::thread thread_;
};

}  // namespace gateway::server
