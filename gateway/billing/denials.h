// Denials are the reasons for which payers refuse these two codes, and the
// rules that keep each from happening. The texts are our own.

#pragma once

#include <string_view>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

struct Denial {
  std::string_view code;  // claim adjustment reason code
  std::string_view cause;
  // Rules that prevent it, without their pack: "A6", "ledger/exhausted".
  std::vector<std::string_view> rules;
};
const std::vector<Denial>& denials();

// Those that a visit has been checked for and that none of its findings bears.
std::vector<const Denial*> cleared(const Visit& visit);

}  // namespace gateway::billing
