#include "program/predicate.h"

#include <algorithm>
#include <cctype>

#include "base/decimal.h"

namespace gateway::program {

// Recursive descent over FHIRPath's levels of precedence. A failed parse sets
// `error_` once; all that follows it is skipped.
class PredicateParser {
 public:
  PredicateParser(std::string_view text, const Constants& constants)
      : text_(text), constants_(constants) {}

  Result<Predicate> parse() {
    const auto root = implication();
    skip_space();
    if (!error_ && at_ != text_.size()) fail("unexpected text");
    if (!error_ && type_of(root) != FactType::truth) {
      fail("the expression is not a truth value");
    }
    if (error_) return *error_;
    return std::move(out_);
  }

 private:
  using Op = Predicate::Op;
  using Node = Predicate::Node;
  static constexpr int kDeepest = 32;

  void fail(std::string message) {
    if (error_) return;
    error_ = Error{ErrorCode::invalid, std::move(message), at_};
  }

  void skip_space() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool symbol(std::string_view wanted) {
    skip_space();
    if (!text_.substr(at_).starts_with(wanted)) return false;
    at_ += wanted.size();
    return true;
  }

  bool word(std::string_view wanted) {
    skip_space();
    const auto rest = text_.substr(at_);
    if (!rest.starts_with(wanted)) return false;
    if (rest.size() > wanted.size() && is_name(rest[wanted.size()])) {
      return false;
    }
    at_ += wanted.size();
    return true;
  }

  static bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  }

  std::string_view name() {
    skip_space();
    const auto begin = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  FactType type_of(std::uint16_t node) const {
    return out_.nodes_.empty() ? FactType::truth : out_.nodes_[node].type;
  }

  std::uint16_t add(Node node) {
    out_.nodes_.push_back(node);
    return static_cast<std::uint16_t>(out_.nodes_.size() - 1);
  }

  std::uint16_t join(Op op, std::uint16_t left, std::uint16_t right) {
    const bool logical = op == Op::both || op == Op::either ||
                         op == Op::implies || op == Op::differ;
    if (logical && (type_of(left) != FactType::truth ||
                    type_of(right) != FactType::truth)) {
      fail("a truth value is wanted on both sides");
    }
    if (!logical && type_of(left) != type_of(right)) {
      fail("the two sides are of different types");
    }
    const bool arithmetic =
        op == Op::plus || op == Op::minus || op == Op::times;
    return add({.op = op,
                .type = arithmetic ? type_of(left) : FactType::truth,
                .left = left,
                .right = right});
  }

  std::uint16_t implication() {
    auto left = disjunction();
    while (!error_ && word("implies")) {
      left = join(Op::implies, left, disjunction());
    }
    return left;
  }

  std::uint16_t disjunction() {
    auto left = conjunction();
    while (!error_) {
      if (word("or")) {
        left = join(Op::either, left, conjunction());
      } else if (word("xor")) {
        left = join(Op::differ, left, conjunction());
      } else {
        break;
      }
    }
    return left;
  }

  std::uint16_t conjunction() {
    auto left = comparison();
    while (!error_ && word("and")) left = join(Op::both, left, comparison());
    return left;
  }

  std::optional<Op> comparator() {
    if (symbol("<=")) return Op::at_most;
    if (symbol(">=")) return Op::at_least;
    if (symbol("!=")) return Op::unequal;
    if (symbol("<")) return Op::less;
    if (symbol(">")) return Op::greater;
    if (symbol("=")) return Op::equal;
    return std::nullopt;
  }

  std::uint16_t comparison() {
    const auto left = sum();
    const auto op = comparator();
    if (!op || error_) return left;
    return join(*op, left, sum());
  }

  std::uint16_t sum() {
    auto left = product();
    while (!error_) {
      if (symbol("+")) {
        left = join(Op::plus, left, product());
      } else if (symbol("-")) {
        left = join(Op::minus, left, product());
      } else {
        break;
      }
    }
    return left;
  }

  std::uint16_t product() {
    auto left = term();
    while (!error_ && symbol("*")) left = join(Op::times, left, term());
    return left;
  }

  std::uint16_t term() {
    skip_space();
    if (++depth_ > kDeepest) fail("nested too deeply");
    std::uint16_t node = 0;
    if (error_) {
      return node;
    }
    if (symbol("(")) {
      node = implication();
      if (!symbol(")")) fail("')' is missing");
      while (!error_ && symbol(".")) node = function(node, name());
    } else if (symbol("%")) {
      node = constant(name());
      while (!error_ && symbol(".")) node = function(node, name());
    } else if (at_ < text_.size() &&
               std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      node = literal();
    } else {
      node = path();
    }
    --depth_;
    return node;
  }

  std::uint16_t literal() {
    const auto begin = at_;
    while (at_ < text_.size() &&
           (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0 ||
            text_[at_] == '.')) {
      ++at_;
    }
    const auto number = Decimal::parse(text_.substr(begin, at_ - begin));
    const auto scaled = number ? number->rounded(3) : std::nullopt;
    if (!scaled || *scaled != *number) {
      fail("a number with at most three decimals is wanted");
      return 0;
    }
    return add({.op = Op::constant,
                .type = FactType::number,
                .value = static_cast<std::int64_t>(scaled->coefficient())});
  }

  std::uint16_t constant(std::string_view named) {
    const auto known = constants_(named);
    if (!known) {
      fail("unknown knob %" + std::string(named));
      return 0;
    }
    return add(
        {.op = Op::constant, .type = known->type, .value = known->value});
  }

  std::uint16_t truth(bool value) {
    return add(
        {.op = Op::constant, .type = FactType::truth, .value = value ? 1 : 0});
  }

  // A fact's name is the longest run of names; what is called with () behind
  // it is a function.
  std::uint16_t path() {
    const auto begin = at_;
    auto last = name();
    if (last == "true" || last == "false") return truth(last == "true");
    std::string full(last);
    std::string_view called;
    while (symbol(".")) {
      last = name();
      if (at_ < text_.size() && text_[at_] == '(') {
        called = last;
        break;
      }
      full += '.';
      full += last;
    }
    const auto* known = fact_named(full);
    if (known == nullptr) {
      at_ = begin;
      fail("unknown fact '" + full + "'");
      return 0;
    }
    out_.reads_.push_back(known->fact);
    auto node = add({.op = Op::fact, .type = known->type, .fact = known->fact});
    if (!called.empty()) node = function(node, called);
    while (!error_ && symbol(".")) node = function(node, name());
    return node;
  }

  std::uint16_t function(std::uint16_t of, std::string_view named) {
    if (!symbol("(") || !symbol(")")) fail("'()' is missing");
    if (named == "exists" || named == "empty") {
      return add({.op = named == "exists" ? Op::exists : Op::empty,
                  .type = FactType::truth,
                  .left = of});
    }
    if (named == "not" && type_of(of) == FactType::truth) {
      return add({.op = Op::negate, .type = FactType::truth, .left = of});
    }
    fail("unknown function '" + std::string(named) + "'");
    return 0;
  }

  std::string_view text_;
  const Constants& constants_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::optional<Error> error_;
  Predicate out_;
};

Result<Predicate> Predicate::compile(std::string_view text,
                                     const Constants& constants) {
  return PredicateParser(text, constants).parse();
}

std::optional<bool> Predicate::test(const Facts& facts) const {
  const auto answer = value(nodes_.size() - 1, facts);
  if (!answer) return std::nullopt;
  return *answer != 0;
}

std::optional<std::int64_t> Predicate::logic(const Node& node,
                                             const Facts& facts) const {
  auto left = value(node.left, facts);
  const auto right = value(node.right, facts);
  if (node.op == Op::differ) {
    if (!left || !right) return std::nullopt;
    return *left != *right ? 1 : 0;
  }
  if (node.op == Op::implies && left) left = *left == 0 ? 1 : 0;
  // `either` and `implies` are settled by one true, `both` by one false.
  const std::int64_t settles = node.op == Op::both ? 0 : 1;
  if ((left && *left == settles) || (right && *right == settles)) {
    return settles;
  }
  if (!left || !right) return std::nullopt;
  return 1 - settles;
}

std::optional<std::int64_t> Predicate::value(std::size_t index,
                                             const Facts& facts) const {
  const auto& node = nodes_[index];
  if (node.op == Op::constant) return node.value;
  if (node.op == Op::fact) return facts.value(node.fact);
  if (node.op == Op::exists) return value(node.left, facts) ? 1 : 0;
  if (node.op == Op::empty) return value(node.left, facts) ? 0 : 1;
  if (node.op == Op::both || node.op == Op::either || node.op == Op::implies ||
      node.op == Op::differ) {
    return logic(node, facts);
  }
  const auto left = value(node.left, facts);
  if (node.op == Op::negate) {
    if (!left) return std::nullopt;
    return *left == 0 ? 1 : 0;
  }
  const auto right = value(node.right, facts);
  if (!left || !right) return std::nullopt;
  if (node.op == Op::plus) return *left + *right;
  if (node.op == Op::minus) return *left - *right;
  if (node.op == Op::times) return *left * *right / 1000;
  const auto order = *left <=> *right;
  const bool holds = (node.op == Op::equal && order == 0) ||
                     (node.op == Op::unequal && order != 0) ||
                     (node.op == Op::less && order < 0) ||
                     (node.op == Op::at_most && order <= 0) ||
                     (node.op == Op::greater && order > 0) ||
                     (node.op == Op::at_least && order >= 0);
  return holds ? 1 : 0;
}

}  // namespace gateway::program
