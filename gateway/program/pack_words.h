// The words that a pack may use, and what they stand for.

#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "program/policy_pack.h"

namespace gateway::program {

template <typename T>
struct Word {
  std::string_view text;
  T value;
};

template <typename T, std::size_t N>
std::optional<T> find(const std::array<Word<T>, N>& words,
                      std::string_view text) {
  for (const auto& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

inline constexpr std::array<Word<Weight>, 4> kWeights{
    {{"reject", Weight::reject},
     {"hold", Weight::hold},
     {"warn", Weight::warn},
     {"info", Weight::info}}};
inline constexpr std::array<Word<Kind>, 3> kKinds{
    {{"checked", Kind::checked},
     {"attested", Kind::attested},
     {"informational", Kind::informational}}};
inline constexpr std::array<Word<Weight>, 2> kGates{
    {{"WARN", Weight::warn}, {"HOLD", Weight::hold}}};
inline constexpr std::array<Word<fhir::Actor>, 8> kActors{
    {{"nobody", fhir::Actor::nobody},
     {"sender", fhir::Actor::sender},
     {"attending-physician", fhir::Actor::attending_physician},
     {"front-office", fhir::Actor::front_office},
     {"therapist", fhir::Actor::therapist},
     {"biller", fhir::Actor::biller},
     {"payer", fhir::Actor::payer},
     {"operator", fhir::Actor::operator_}}};
inline constexpr std::array<Word<bool>, 1> kMissing{{{"unmet", true}}};
inline constexpr std::array<Word<bool>, 1> kLeaves{{{"encounter", true}}};
inline constexpr std::array<Word<bool>, 2> kTruths{
    {{"true", true}, {"false", false}}};
inline constexpr std::array<Word<int>, 6> kTasks{{{"correct-referral", 0},
                                                  {"review-referral", 1},
                                                  {"obtain-authorization", 2},
                                                  {"link-authorization", 3},
                                                  {"review-session", 4},
                                                  {"review-claim", 5}}};

}  // namespace gateway::program
