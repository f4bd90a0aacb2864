// Predicate is a requirement's condition: FHIRPath over named facts, knobs and
// resources, checked against their types when it is compiled.
//
//   session.minutes >= %minSessionMinutes
//   referral.isAsNeeded.not() and referral.sessionsPerWeek.low.exists()
//   %Procedure.note.text.matches('interpreter').not()
//
// What is plain (facts, knobs, numbers, logic) runs as a short program of its
// own, which is an optimisation only: FHIRPath's answer is the same. Three
// answers stay three: what is empty is unknown, which is never false.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "fhirpath/expression.h"
#include "program/facts.h"

namespace gateway::program {

// What %name means: its value in the unit of Facts, and its type.
struct Constant {
  FactType type = FactType::number;
  std::int64_t value = 0;
};
class Predicate;

// What %name may stand for: a knob, or a condition that the pack defines.
class Names {
 public:
  virtual ~Names() = default;
  virtual std::optional<Constant> constant(std::string_view name) = 0;
  virtual std::shared_ptr<const Predicate> defined(std::string_view /*name*/) {
    return nullptr;
  }
  // For suggestions.
  [[nodiscard]] virtual std::vector<std::string_view> known() const {
    return {};
  }
};

class Predicate {
 public:
  // The error's offset is a byte of `text`. With a model, elements of
  // resources are checked too; it must outlive the predicate.
  static Result<Predicate> compile(std::string_view text, Names& names,
                                   const fhir::TypeModel* model = nullptr);

  // Nothing is said where the facts do not settle it, and where it could not
  // be evaluated on them: then `problem`, if given, says why. What one may
  // cost is bounded (kBudget in predicate.cc).
  [[nodiscard]] std::optional<bool> test(
      const Facts& facts, fhirpath::Problem* problem = nullptr) const;
  // The same by FHIRPath itself, whether plain or not.
  [[nodiscard]] std::optional<bool> evaluate(
      const Facts& facts, fhirpath::Problem* problem = nullptr) const;

  [[nodiscard]] bool is_plain() const { return !nodes_.empty(); }
  // The facts that it reads, in order of their appearance.
  [[nodiscard]] const std::vector<Fact>& reads() const { return reads_; }
  // The types of the resources that it reads.
  [[nodiscard]] const std::vector<std::string>& resources() const {
    return resources_;
  }

 private:
  friend class PredicateCompiler;
  enum class Op : std::uint8_t {
    constant,
    fact,
    defined,  // value: place in defined_
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
    Fact fact = Fact::policy_stale;
    std::int64_t value = 0;
    std::uint16_t left = 0;
    std::uint16_t right = 0;
  };
  [[nodiscard]] std::optional<std::int64_t> value(std::size_t node,
                                                  const Facts& facts) const;
  [[nodiscard]] std::optional<std::int64_t> logic(const Node& node,
                                                  const Facts& facts) const;
  [[nodiscard]] std::vector<fhirpath::Variable> variables(
      const Facts& facts, fhirpath::Problem* problem) const;

  std::vector<Node> nodes_;  // the root is the last; empty unless plain
  std::vector<Fact> reads_;
  std::vector<std::string> resources_;
  std::vector<std::pair<std::string, Constant>> constants_;
  std::vector<std::pair<std::string, std::shared_ptr<const Predicate>>>
      defined_;
  fhirpath::Expression expression_;
  const fhir::TypeModel* model_ = nullptr;
};

}  // namespace gateway::program
