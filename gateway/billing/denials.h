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

// Those that a visit and its referral have been checked for and that none of
// their findings bears, each with the rules that were asked: a row that no pack
// of the policy has, or that could not be judged, has checked nothing.
struct Cleared {
  const Denial* denial = nullptr;
  std::vector<std::string_view> rules;
};
std::vector<Cleared> cleared(const Visit& visit, const ReferralView& owner);

}  // namespace gateway::billing
