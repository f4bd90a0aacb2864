// TaskBoard gathers the findings that somebody has to act on into tasks: one
// task holds all open findings of one focus and one code.
//
// Findings come from origins (a referral, a booking, a date), each of which
// can be replaced by itself.

#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

class TaskBoard {
 public:
  // Findings of a task follow each other in the order of their origins.
  struct Origin {
    enum class Kind : std::uint8_t { referral, other, visit };
    Kind kind = Kind::referral;
    Instant start;  // of a visit
    std::string key;
    auto operator<=>(const Origin&) const = default;
  };

  using Judgements = std::vector<const std::vector<Judgement>*>;
  // What an origin asks for now, instead of what it asked for before.
  void put(const Origin& origin, const Judgements& judgements);

  // Brings the tasks of a plan up to date. Gives the foci of those that
  // changed. `patient_of` a focus is whom its task is for.
  std::set<std::string> write(
      std::vector<TaskPlan>& tasks,
      const std::function<std::string(const std::string&)>& patient_of);

 private:
  struct Needs {
    std::string focus;
    std::string code;
    std::map<Origin, std::vector<fhir::Finding>> findings;
  };

  std::map<std::string, Needs> needs_;  // by key of the task
  std::map<Origin, std::set<std::string>> asked_;
  std::set<std::string> changed_;  // keys of tasks
};

}  // namespace gateway::billing
