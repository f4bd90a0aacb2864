// VisitBook pools the attended sessions of each local date under each referral
// into visits. What cannot be pooled is held where it is.
//
// It remembers the order of sessions, so that one that is added, amended or
// withdrawn costs its neighbours and not its episode.

#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

class VisitBook {
 public:
  // REQUIRES: plan.referrals are viewed before anything is pooled.
  VisitBook(const episode::Case& facts, const program::Programs& programs,
            Plan& plan);

  // Fills plan.visits, and findings of sessions without one.
  void pool_all(Instant now);

  struct Repooled {
    std::vector<std::unique_ptr<Visit>> removed;  // from the plan
    std::vector<Visit*> added;
    std::vector<std::string> treatments;  // that may stand alone now
  };
  // Pools anew what sessions that were added, changed or withdrawn touch.
  // REQUIRES: each of them stands alone.
  Repooled pool_around(const std::set<std::string>& sessions, Instant now);
  // False where an Encounter and its segments decide together.
  [[nodiscard]] bool stands_alone(const std::string& session) const;

 private:
  class Pooler;
  struct Entry {
    Interval period;  // as it was pooled
    const episode::Session* session = nullptr;
    LocalDate date;
    Visit* visit = nullptr;
  };
  struct Range {  // of the timeline
    std::size_t first = 0, last = 0;
  };

  using Timeline = std::vector<std::unique_ptr<Entry>>;

  static bool earlier(const Entry& left, const Entry& right);
  Timeline::iterator place_of(const Entry& entry);
  std::unique_ptr<Entry> withdraw(const episode::Session& session);
  void frame(const episode::Session& session);
  bool admit(const episode::Session& session, Instant now);
  bool placed(const episode::Session& session, Instant now);
  [[nodiscard]] std::vector<Judgement> unresolved_of(
      const episode::Session& session) const;
  [[nodiscard]] Zone zone_of(const episode::Session& session) const;
  [[nodiscard]] Range neighbours(Interval period, LocalDate date) const;
  void strike(Visit& visit, Repooled& result);
  void pool_range(Range range, Repooled* result = nullptr);

  const episode::Case& case_;
  const program::Programs& programs_;
  Plan& plan_;
  Timeline timeline_;  // by start
  std::unordered_map<const episode::Session*, Entry*> entries_;
  std::map<std::string, int, std::less<>> frames_;  // segments, by Encounter
  std::unordered_map<std::string, std::string> framed_;
  bool long_ = false;  // some session lasts longer than a day
};

}  // namespace gateway::billing
