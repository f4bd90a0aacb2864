// ReferralParts judges what an order leans on: its coverage and its conditions.
// A part counts only if it is the patient's own and in force. What an order
// names and may not use is a hold that says so: passing over it would bill
// without a diagnosis, or bill the insurer of somebody else.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "billing/plan.h"

namespace gateway::billing {

// Of that patient, and not withdrawn.
bool counts_for(const episode::Diagnosis& diagnosis,
                const std::string& patient);

// `in_policy`: whether a requirement of the policy judges a fact already.
using InPolicy = bool (*)(const ReferralView& view, program::Fact fact);

// What is wrong with the coverage. A policy of workers' compensation answers
// for the injuries of its period, so the date of injury decides where it is
// known.
std::vector<Judgement> judge_coverage(const episode::Case& facts,
                                      const ReferralView& view,
                                      InPolicy in_policy);
std::vector<Judgement> judge_conditions(const episode::Case& facts,
                                        const ReferralView& view);

// A date of service outside the coverage's period: a warning, but a hold where
// no date of injury says that the coverage answers all the same.
std::optional<Judgement> coverage_on(const ReferralView& view, LocalDate date,
                                     const std::string& focus);

}  // namespace gateway::billing
