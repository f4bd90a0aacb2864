// HeldExpression is a compiled expression as rules hold it: all rules of a map
// that say the same on the same scopes share one, and most of a rule's say
// nothing and cost a pointer. Maps are thousands of rules: this is what their
// memory, and the time to load them, hangs on.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "map/expression.h"

namespace gateway::map {

class HeldExpression {
 public:
  HeldExpression() = default;
  HeldExpression(Expression expression)  // NOLINT: a rule is given either
      : held_(expression.exists()
                  ? std::make_shared<const Expression>(std::move(expression))
                  : nullptr) {}

  operator const Expression&() const { return *get(); }  // NOLINT

  [[nodiscard]] bool exists() const { return held_ != nullptr; }
  [[nodiscard]] bool is_literal() const { return get()->is_literal(); }
  [[nodiscard]] const std::string& text() const { return get()->text(); }
  [[nodiscard]] const std::optional<Scope>& scope() const {
    return get()->scope();
  }
  [[nodiscard]] bool is_single() const { return get()->is_single(); }
  [[nodiscard]] const PlainExpression* plain() const { return get()->plain(); }
  Status evaluate(const EvaluationContext& context,
                  std::vector<Item>& found) const {
    return get()->evaluate(context, found);
  }
  Result<bool> holds(const EvaluationContext& context) const {
    return get()->holds(context);
  }

 private:
  [[nodiscard]] const Expression* get() const {
    static const Expression kNothing;
    return held_ == nullptr ? &kNothing : held_.get();
  }

  std::shared_ptr<const Expression> held_;
};

}  // namespace gateway::map
