// Extras are the other timed codes of a date that a policy bills beside the
// program. The rule of eight minutes holds for them alone, over all of them.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "billing/plan.h"

namespace gateway::billing {

struct Extra {
  std::int64_t minutes = 0;
  std::int64_t units = 0;
};

// Minutes of all other codes of the date, billed or not.
std::int64_t extra_minutes(const Visit& visit);
bool is_allowed(const Visit& visit, std::string_view code);

// What is billed, by code. Whole quarters of an hour go to each code, what is
// left to the codes with the greatest remainders.
std::map<std::string, Extra> extras_of(const Visit& visit);

}  // namespace gateway::billing
