// Reach is what one step may have changed of a plan: whoever follows the plan
// has to look at nothing else.

#pragma once

#include <map>
#include <set>
#include <string>

#include "billing/plan.h"

namespace gateway::billing {

// By keys of the plan; `foci` of tasks, and `causes` of postings without their
// version. A visit that is no more is null. `arrived` are the resources that
// the step followed.
struct Reach {
  bool whole = false;
  std::map<std::string, const Visit*, std::less<>> visits;
  std::set<std::string> claims, episodes, foci, causes, arrived;

  static Reach everything() {
    Reach all;
    all.whole = true;
    return all;
  }
};

}  // namespace gateway::billing
