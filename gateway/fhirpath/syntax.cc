#include "fhirpath/syntax.h"

#include <algorithm>
#include <array>
#include <optional>

#include "fhirpath/lexer.h"
#include "fhirpath/temporal.h"

namespace gateway::fhirpath {
namespace {

constexpr std::size_t kLongestExpression = 256U << 10U;
constexpr int kDeepestParse = 150;  // open brackets and operators
constexpr int kDeepestTree = 400;   // longest chain of steps

struct BinaryRule {
  std::string_view text;
  Operator op;
  int level;  // a higher one binds tighter
};

// FHIRPath 2.0, 6.8 (precedence), from implies to multiplication. `is` and
// `as` stand between union and addition.
constexpr std::array kBinaryRules{
    BinaryRule{"implies", Operator::implies, 1},
    BinaryRule{"or", Operator::or_, 2},
    BinaryRule{"xor", Operator::xor_, 2},
    BinaryRule{"and", Operator::and_, 3},
    BinaryRule{"in", Operator::in, 4},
    BinaryRule{"contains", Operator::contains, 4},
    BinaryRule{"=", Operator::equal, 5},
    BinaryRule{"~", Operator::equivalent, 5},
    BinaryRule{"!=", Operator::not_equal, 5},
    BinaryRule{"!~", Operator::not_equivalent, 5},
    BinaryRule{"<", Operator::less, 6},
    BinaryRule{"<=", Operator::less_or_equal, 6},
    BinaryRule{">", Operator::greater, 6},
    BinaryRule{">=", Operator::greater_or_equal, 6},
    BinaryRule{"|", Operator::unite, 7},
    BinaryRule{"+", Operator::plus, 9},
    BinaryRule{"-", Operator::minus, 9},
    BinaryRule{"&", Operator::concatenate, 9},
    BinaryRule{"*", Operator::multiply, 10},
    BinaryRule{"/", Operator::divide, 10},
    BinaryRule{"div", Operator::div, 10},
    BinaryRule{"mod", Operator::mod, 10},
};
constexpr int kTypeLevel = 8;

class Parser {
 public:
  Parser(std::string_view text, Syntax& syntax, Problem& problem)
      : lexer_(text), syntax_(syntax), problem_(problem) {}

  bool parse() {
    advance();
    const auto root = expression(0);
    if (!root) return false;
    if (token_.kind != TokenKind::end) return fail("an operator is missing");
    syntax_.root = *root;
    return true;
  }

 private:
  using Parsed = std::optional<NodeIndex>;

  void advance() {
    token_ = lexer_.next();
    if (token_.kind == TokenKind::bad && problem_.message.empty()) {
      problem_ = lexer_.problem();
    }
  }

  bool fail(std::string message) {
    if (problem_.message.empty()) {
      problem_ = {ProblemKind::syntax, std::move(message), token_.place};
    }
    return false;
  }
  Parsed refuse(std::string message) {
    fail(std::move(message));
    return std::nullopt;
  }

  Parsed add(SyntaxNode node) {
    int depth = 0;
    const auto deepen = [&](NodeIndex child) {
      depth = std::max<int>(depth, syntax_.nodes[child].depth);
    };
    if (node.focus != kNoNode) deepen(node.focus);
    for (const auto arg : node.args) deepen(arg);
    if (depth >= kDeepestTree) {
      return refuse("the expression is nested too deeply: split it");
    }
    node.depth = static_cast<std::uint16_t>(depth + 1);
    syntax_.nodes.push_back(std::move(node));
    return static_cast<NodeIndex>(syntax_.nodes.size() - 1);
  }

  [[nodiscard]] const BinaryRule* binary_rule() const {
    if (token_.kind != TokenKind::symbol && token_.kind != TokenKind::name) {
      return nullptr;
    }
    for (const auto& rule : kBinaryRules) {
      if (rule.text == token_.text) return &rule;
    }
    return nullptr;
  }

  // Operators that bind at least as tightly as `level`; all of them group
  // from the left.
  Parsed expression(int level) {
    if (++depth_ > kDeepestParse) {
      return refuse("the expression is nested too deeply: split it");
    }
    auto left = polarity();
    while (left) {
      const bool is = token_.is_word("is");
      if ((is || token_.is_word("as")) && level <= kTypeLevel) {
        left = type_test(*left, is ? SyntaxKind::is : SyntaxKind::as);
        continue;
      }
      const auto* rule = binary_rule();
      if (rule == nullptr || rule->level < level) break;
      left = binary(*left, *rule);
    }
    --depth_;
    return left;
  }

  Parsed binary(NodeIndex left, const BinaryRule& rule) {
    const auto place = static_cast<std::uint32_t>(token_.place);
    advance();
    const auto right = expression(rule.level + 1);
    if (!right) return std::nullopt;
    return add({.kind = SyntaxKind::binary,
                .op = rule.op,
                .place = place,
                .args = {left, *right}});
  }

  Parsed type_test(NodeIndex left, SyntaxKind kind) {
    const auto place = static_cast<std::uint32_t>(token_.place);
    advance();
    std::string type;
    for (;;) {
      if (token_.kind != TokenKind::name &&
          token_.kind != TokenKind::delimited) {
        return refuse("a type is missing: is Quantity");
      }
      type += token_.text;
      advance();
      if (!token_.is(".")) break;
      type += '.';
      advance();
    }
    return add({.kind = kind, .place = place, .text = type, .args = {left}});
  }

  // A sign binds less tightly than the dot: -1.abs() is -(1.abs()).
  Parsed polarity() {
    if (!token_.is("-") && !token_.is("+")) return postfix();
    const auto kind =
        token_.is("-") ? SyntaxKind::negate : SyntaxKind::positive;
    const auto place = static_cast<std::uint32_t>(token_.place);
    if (++depth_ > kDeepestParse) return refuse("too many signs");
    advance();
    after_minus_ =
        kind == SyntaxKind::negate && token_.kind == TokenKind::number;
    const auto operand = polarity();
    after_minus_ = false;
    --depth_;
    if (!operand) return std::nullopt;
    return add({.kind = kind, .place = place, .args = {*operand}});
  }

  Parsed postfix() {
    auto left = term();
    while (left) {
      if (token_.is(".")) {
        advance();
        left = invocation(*left);
      } else if (token_.is("[")) {
        left = indexed(*left);
      } else {
        break;
      }
    }
    return left;
  }

  Parsed indexed(NodeIndex focus) {
    const auto place = static_cast<std::uint32_t>(token_.place);
    advance();
    const auto position = expression(0);
    if (!position) return std::nullopt;
    if (!token_.is("]")) return refuse("']' is missing");
    advance();
    return add({.kind = SyntaxKind::index,
                .place = place,
                .focus = focus,
                .args = {*position}});
  }

  Parsed term() {
    switch (token_.kind) {
      case TokenKind::number:
        return number();
      case TokenKind::string:
      case TokenKind::date:
      case TokenKind::date_time:
      case TokenKind::time:
        return literal();
      case TokenKind::variable:
        return simple(SyntaxKind::variable);
      case TokenKind::symbol:
        return bracketed();
      case TokenKind::name:
        if (token_.text == "true" || token_.text == "false") return literal();
        return invocation(kNoNode);
      case TokenKind::delimited:
      case TokenKind::special:
        return invocation(kNoNode);
      case TokenKind::end:
      case TokenKind::bad:
        break;
    }
    return refuse("an operand is missing here");
  }

  Parsed simple(SyntaxKind kind) {
    SyntaxNode node{.kind = kind,
                    .place = static_cast<std::uint32_t>(token_.place),
                    .text = token_.text};
    advance();
    return add(std::move(node));
  }

  Parsed bracketed() {
    const auto place = static_cast<std::uint32_t>(token_.place);
    if (token_.is("{")) {
      advance();
      if (!token_.is("}")) return refuse("'}' is missing: {} is empty");
      advance();
      return add({.kind = SyntaxKind::empty, .place = place});
    }
    if (!token_.is("(")) return refuse("an operand is missing here");
    advance();
    const auto inner = expression(0);
    if (!inner) return std::nullopt;
    if (!token_.is(")")) return refuse("')' is missing");
    advance();
    return inner;
  }

  Parsed literal() {
    SyntaxNode node{.kind = SyntaxKind::literal,
                    .place = static_cast<std::uint32_t>(token_.place)};
    node.literal.text = token_.text;
    std::optional<TemporalKind> temporal;
    if (token_.kind == TokenKind::string) {
      node.literal.kind = LiteralKind::string;
    } else if (token_.kind == TokenKind::date) {
      node.literal.kind = LiteralKind::date;
      temporal = TemporalKind::date;
    } else if (token_.kind == TokenKind::date_time) {
      node.literal.kind = LiteralKind::date_time;
      temporal = TemporalKind::date_time;
    } else if (token_.kind == TokenKind::time) {
      node.literal.kind = LiteralKind::time;
      temporal = TemporalKind::time;
    }
    if (temporal && !parse_temporal(*temporal, token_.text)) {
      return refuse("there is no such day or time: write @2024-05-17T14:30");
    }
    advance();
    return add(std::move(node));
  }

  Parsed number() {
    SyntaxNode node{.kind = SyntaxKind::literal,
                    .place = static_cast<std::uint32_t>(token_.place)};
    auto& literal = node.literal;
    literal.text = token_.text;
    const bool decimal = literal.text.find('.') != std::string::npos;
    literal.kind = decimal ? LiteralKind::decimal : LiteralKind::integer;
    const auto value = Decimal::parse(literal.text);
    const auto whole = value ? value->truncated() : std::nullopt;
    if (!value || (!decimal && !whole)) {
      return refuse("this number has too many digits");
    }
    const std::int64_t most = std::int64_t{INT32_MAX} + (after_minus_ ? 1 : 0);
    const bool too_large = !decimal && *whole > most;
    const auto text = literal.text;
    after_minus_ = false;
    advance();
    const bool word = token_.kind == TokenKind::name &&
                      calendar_unit(token_.text) != TimeUnit::none;
    if (word || token_.kind == TokenKind::string) {
      literal.kind = LiteralKind::quantity;
      literal.unit = token_.text;
      literal.calendar = word;
      advance();
    } else if (too_large) {
      problem_ = {ProblemKind::syntax,
                  "an Integer ends at 2147483647: write " + text + ".0",
                  node.place};
      return std::nullopt;
    }
    return add(std::move(node));
  }

  // An element, a function or $this, $index, $total; after a dot words of
  // operators are names too.
  Parsed invocation(NodeIndex focus) {
    if (token_.kind == TokenKind::special) {
      const auto kind = token_.text == "this"    ? SyntaxKind::this_
                        : token_.text == "index" ? SyntaxKind::position
                                                 : SyntaxKind::total;
      return simple(kind);
    }
    if (token_.kind != TokenKind::name && token_.kind != TokenKind::delimited) {
      return refuse("the name of an element or a function is missing");
    }
    SyntaxNode node{.kind = SyntaxKind::name,
                    .delimited = token_.kind == TokenKind::delimited,
                    .place = static_cast<std::uint32_t>(token_.place),
                    .focus = focus,
                    .text = token_.text};
    if (focus == kNoNode && !node.delimited && reserved(node.text)) {
      return refuse("an operand is missing before '" + node.text + "'");
    }
    advance();
    if (token_.is("(")) {
      node.kind = SyntaxKind::call;
      if (!arguments(node)) return std::nullopt;
    }
    return add(std::move(node));
  }

  static bool reserved(std::string_view word) {
    constexpr std::array<std::string_view, 6> kWords{"div", "mod", "and",
                                                     "or",  "xor", "implies"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  }

  bool arguments(SyntaxNode& node) {
    advance();
    while (!token_.is(")")) {
      if (!node.args.empty()) {
        if (!token_.is(",")) return fail("',' or ')' is missing");
        advance();
      }
      const auto arg = expression(0);
      if (!arg) return false;
      node.args.push_back(*arg);
      if (node.text == "sort") sort_direction(*arg);
    }
    advance();
    return true;
  }

  void sort_direction(NodeIndex key) {
    const bool descending = token_.is_word("desc");
    if (!descending && !token_.is_word("asc")) return;
    syntax_.nodes[key].descending = descending;
    advance();
  }

  Lexer lexer_;
  Syntax& syntax_;
  Problem& problem_;
  Token token_;
  int depth_ = 0;
  bool after_minus_ = false;  // the least Integer has no positive like it
};

}  // namespace

bool parse(std::string_view text, Syntax& syntax, Problem& problem) {
  if (text.size() > kLongestExpression) {
    problem = {ProblemKind::budget, "the expression is too long", 0};
    return false;
  }
  return Parser(text, syntax, problem).parse();
}

}  // namespace gateway::fhirpath
