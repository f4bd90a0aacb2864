// Codes of the documents and measures that requirements ask for, as both the
// episode and its dates read them.

#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "episode/records.h"

namespace gateway::billing {

constexpr std::string_view kJobMatch = "job-match-percent";
constexpr std::string_view kProgressNote = "progress-note";
constexpr std::string_view kDemandLevel = "physical-demand-level";
constexpr std::string_view kEmployment = "74165-2";  // LOINC
constexpr std::string_view kWorkStatus = "work-status";
constexpr std::string_view kHomeProgram = "home-exercise-program";

// What is not finished, or not true any more, says nothing.
inline bool says_nothing(const episode::Evidence& item) {
  constexpr std::array<std::string_view, 15> kVoid = {
      "entered-in-error", "cancelled",   "rejected", "inactive",
      "not-done",         "superseded",  "revoked",  "draft",
      "proposed",         "in-progress", "stopped",  "preparation",
      "registered",       "suspended",   "unknown"};
  return std::find(kVoid.begin(), kVoid.end(), item.status) != kVoid.end();
}

// A plan that says when the stay ends: not one of an earlier episode, and not
// one of another matter or for another condition than the order's.
inline bool plans_stay(const episode::Evidence& item,
                       std::optional<LocalDate> first,
                       const episode::Referral* order) {
  if (item.kind == kHomeProgram || item.plans_other) return false;
  if (first && item.until && *item.until < *first) return false;
  if (order == nullptr || order->conditions.empty()) return true;
  const auto& treated = order->conditions;
  return item.addresses.empty() ||
         std::any_of(item.addresses.begin(), item.addresses.end(),
                     [&](const auto& one) {
                       return std::find(treated.begin(), treated.end(), one) !=
                              treated.end();
                     });
}

}  // namespace gateway::billing
