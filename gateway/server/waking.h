// Waking knows which cases must be decided again because time passes: a session
// of the future ends, an authorization expires, a hold stays unanswered.
//
// Each case is noted with the hour of its next change as a dependent of that
// hour ("Time/2026-04-06T15"), in the commit that found the change: a restart
// reads the hours that have come from the store, and forgets nothing. A case
// that is woken twice changes nothing the second time.

#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/result.h"
#include "store/store.h"

namespace gateway::server {

class Waking {
 public:
  struct Due {
    std::string owner;
    std::string case_key;
    auto operator<=>(const Due&) const = default;
  };
  using Owners = std::function<std::vector<std::string>()>;

  // `owners`: all partners that cases may belong to, asked on each hour.
  Waking(store::Store& store, Owners owners)
      : store_(store), owners_(std::move(owners)) {}

  // The plan of a case changes at `next`. Gives what the case depends on from
  // now on, to be written with the commit; nothing where it is noted already.
  std::optional<std::string> note(const Due& due, Instant next);
  // Its commit failed, so its note is not durable.
  void forget(const Due& due);

  // The hours before `now` that were not worked off, as the log shows: with a
  // day more, for what was due when the last process ended.
  Status begin(Instant now);

  // The next case that is due. REQUIRES: one thread asks, after begin().
  Result<std::optional<Due>> next_due(Instant now);
  // Not done: due again later.
  void put_off(const Due& due, Instant until);

  // "Time/2026-04-06T15"
  static std::string hour_key(Instant when);

 private:
  using Hour = std::chrono::sys_time<std::chrono::hours>;
  Status load_hour(Hour hour);

  store::Store& store_;
  Owners owners_;
  std::mutex mutex_;
  std::map<Due, Instant> noted_;
  std::set<std::pair<Instant, Due>> armed_;  // of the hours that were read
  Hour read_until_{};
};

}  // namespace gateway::server
