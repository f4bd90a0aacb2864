// Predicate is a requirement's condition: an expression in the part of
// FHIRPath that facts need, checked against their types when it is compiled.
//
//   session.minutes >= %minSessionMinutes
//   referral.isAsNeeded.not() and referral.sessionsPerWeek.low.exists()
//
// Three answers stay three: an unknown fact makes true, false or unknown as
// FHIRPath's three-valued logic says.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "program/facts.h"

namespace gateway::program {

// What %name means: its value in the unit of Facts, and its type.
struct Constant {
  FactType type = FactType::number;
  std::int64_t value = 0;
};
using Constants = std::function<std::optional<Constant>(std::string_view name)>;

class Predicate {
 public:
  // The error's offset is a byte of `text`.
  static Result<Predicate> compile(std::string_view text,
                                   const Constants& constants);

  [[nodiscard]] std::optional<bool> test(const Facts& facts) const;
  // The facts that it reads, in order of their appearance.
  [[nodiscard]] const std::vector<Fact>& reads() const { return reads_; }

 private:
  friend class PredicateParser;
  enum class Op : std::uint8_t {
    constant,
    fact,
    exists,
    empty,
    negate,
    both,
    either,
    implies,
    differ,
    equal,
    unequal,
    less,
    at_most,
    greater,
    at_least,
    plus,
    minus,
    times,
  };
  struct Node {
    Op op = Op::constant;
    FactType type = FactType::truth;
    Fact fact = Fact::policy_stale;
    std::int64_t value = 0;
    std::uint16_t left = 0;
    std::uint16_t right = 0;
  };
  [[nodiscard]] std::optional<std::int64_t> value(std::size_t node,
                                                  const Facts& facts) const;
  [[nodiscard]] std::optional<std::int64_t> logic(const Node& node,
                                                  const Facts& facts) const;

  std::vector<Node> nodes_;  // the root is the last
  std::vector<Fact> reads_;
};

}  // namespace gateway::program
