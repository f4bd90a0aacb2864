// Reading of plain expressions; see plain_expression.h.

#include <algorithm>
#include <iterator>
#include <utility>

#include "map/plain_expression.h"
#include "map/suggestion.h"

namespace gateway::map {
namespace {

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string no_field(std::string_view name, const DocumentType& type) {
  std::vector<std::string_view> names;
  for (const auto& field : type.fields) names.push_back(field.name);
  return "a " + std::string(type.name) + " has no \"" + std::string(name) +
         "\"" + suggestion(name, names);
}

}  // namespace

// A recursive descent in FHIRPath's order of precedence. What it does not
// know makes it give up: then FHIRPath reads the whole expression.
class PlainCompiler {
 public:
  PlainCompiler(std::string_view text, const Scopes& scopes,
                const std::vector<std::string>& settings)
      : text_(text), scopes_(scopes), settings_(settings) {}

  Result<std::optional<PlainExpression>> compile() {
    const auto root = either();
    if (!error_.empty()) return Error{ErrorCode::invalid, error_};
    if (given_up_ || peek() != '\0') {
      return std::optional<PlainExpression>();
    }
    made_.root_ = root;
    made_.kind_ = made_.steps_[root].kind;
    return std::optional<PlainExpression>(std::move(made_));
  }

 private:
  using Op = PlainExpression::Op;
  using Step = PlainExpression::Step;

  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(std::string_view token) {
    if (peek() == '\0' || text_.substr(at_, token.size()) != token) {
      return false;
    }
    const auto after = at_ + token.size();
    const bool word = is_letter(token.back());
    if (word && after < text_.size() &&
        (is_letter(text_[after]) || is_digit(text_[after]))) {
      return false;
    }
    at_ = after;
    return true;
  }
  std::string_view word() {
    const auto begin = at_;
    while (at_ < text_.size() &&
           (is_letter(text_[at_]) || is_digit(text_[at_]))) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  std::uint32_t give_up() {
    given_up_ = true;
    at_ = text_.size();
    return add({});
  }
  std::uint32_t add(Step step) {
    made_.steps_.push_back(std::move(step));
    return static_cast<std::uint32_t>(made_.steps_.size() - 1);
  }
  FieldKind kind(std::uint32_t step) const { return made_.steps_[step].kind; }

  // Operands of `and`, `or` and not() must be truth values.
  std::uint32_t logical(Op op, std::uint32_t left, std::uint32_t right) {
    if (kind(left) != FieldKind::flag || kind(right) != FieldKind::flag) {
      return give_up();
    }
    return add({.op = op, .kind = FieldKind::flag, .a = left, .b = right});
  }

  std::uint32_t either() {
    auto left = both();
    while (!given_up_ && take("or")) left = logical(Op::either, left, both());
    return left;
  }
  std::uint32_t both() {
    auto left = equality();
    while (!given_up_ && take("and")) {
      left = logical(Op::both, left, equality());
    }
    return left;
  }
  std::uint32_t equality() {
    const auto left = concatenation();
    const bool unequal = take("!=");
    if (!unequal && !take("=")) return left;
    const auto right = concatenation();
    // Other kinds compare by more than their text.
    const bool texts =
        kind(left) == FieldKind::text && kind(right) == FieldKind::text;
    const bool integers =
        kind(left) == FieldKind::integer && kind(right) == FieldKind::integer;
    if (given_up_ || (!texts && !integers)) return give_up();
    return add({.op = unequal ? Op::unequal : Op::equal,
                .kind = FieldKind::flag,
                .a = left,
                .b = right});
  }
  std::uint32_t concatenation() {
    auto left = primary();
    while (!given_up_ && take("&")) {
      const auto right = primary();
      if (kind(left) != FieldKind::text || kind(right) != FieldKind::text) {
        return give_up();
      }
      left = add({.op = Op::concatenation, .a = left, .b = right});
    }
    return left;
  }

  std::uint32_t primary() {
    const char c = peek();
    if (c == '\'') return quoted();
    if (is_digit(c)) return number();
    if (take("(")) return group();
    if (take("{")) return take("}") ? add({}) : give_up();
    if (take("%resource.")) return path(true);
    if (take("%")) return setting();
    if (take("$this")) return itself();
    if (take("true")) return flag("true");
    if (take("false")) return flag("false");
    if (text_.substr(at_, 4) == "iif(") return choice();
    if (is_letter(c)) return path(false);
    return give_up();
  }

  std::uint32_t group() {
    const auto inner = either();
    if (!take(")")) return give_up();
    if (!take(".")) return inner;
    return negated(inner);
  }
  std::uint32_t negated(std::uint32_t inner) {
    if (!take("not()") || kind(inner) != FieldKind::flag) return give_up();
    return add({.op = Op::negation, .kind = FieldKind::flag, .a = inner});
  }

  std::uint32_t quoted() {
    const auto end = text_.find_first_of("'\\", at_ + 1);
    if (end == std::string_view::npos || text_[end] != '\'') return give_up();
    const auto inner = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return add({.op = Op::literal, .text = std::string(inner)});
  }
  std::uint32_t number() {
    const auto begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    const auto digits = text_.substr(begin, at_ - begin);
    const bool padded = digits.size() > 1 && digits.front() == '0';
    if (padded || digits.size() > 9) return give_up();
    return add({.op = Op::literal,
                .kind = FieldKind::integer,
                .text = std::string(digits)});
  }
  std::uint32_t flag(std::string_view value) {
    return add({.op = Op::literal,
                .kind = FieldKind::flag,
                .text = std::string(value)});
  }
  std::uint32_t setting() {
    const auto begin = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) ||
                                  is_digit(text_[at_]) || text_[at_] == '-')) {
      ++at_;
    }
    const auto name = text_.substr(begin, at_ - begin);
    if (std::find(settings_.begin(), settings_.end(), name) ==
        settings_.end()) {
      return give_up();
    }
    return add({.op = Op::setting, .text = std::string(name)});
  }

  std::uint32_t choice() {
    at_ += 4;
    const auto when = either();
    if (!take(",")) return give_up();
    const auto then = either();
    const auto otherwise = take(",") ? either() : add({});
    if (!take(")") || kind(when) != FieldKind::flag) return give_up();
    const bool only_then = made_.steps_[otherwise].op == Op::nothing;
    const bool only_else = made_.steps_[then].op == Op::nothing;
    const auto made = only_else ? kind(otherwise) : kind(then);
    if (!only_then && !only_else && kind(then) != kind(otherwise)) {
      return give_up();
    }
    return add(
        {.op = Op::choice, .kind = made, .a = when, .b = then, .c = otherwise});
  }

  std::uint32_t itself() {
    const auto* type = scopes_.back().document;
    const auto* field = type->find("$this");
    if (field == nullptr || (at_ < text_.size() && text_[at_] == '.')) {
      return give_up();
    }
    Step step{.op = Op::path, .kind = field->kind};
    step.path = {false, {kItself}, field};
    return add(std::move(step));
  }

  // Fields to the end, or to a function of theirs.
  std::uint32_t path(bool from_root) {
    Step step{.op = Op::path};
    step.path.from_root = from_root;
    const auto* type =
        from_root ? scopes_.front().document : scopes_.back().document;
    while (true) {
      const auto name = word();
      if (at_ < text_.size() && text_[at_] == '(') {
        return function(name, std::move(step));
      }
      const auto* last = step.path.field;
      // Beyond a list lies one value for each of its items.
      if (last != nullptr && (last->repeats || last->type == nullptr)) {
        return give_up();
      }
      step.path.field = type->find(name);
      if (step.path.field == nullptr) {
        error_ = no_field(name, *type);
        return give_up();
      }
      step.path.slots.push_back(step.path.field->slot);
      type = step.path.field->type;
      if (!take(".")) break;
    }
    step.kind = step.path.field->kind;
    return add(std::move(step));
  }

  std::uint32_t function(std::string_view name, Step path) {
    if (path.path.slots.empty() || !take("()")) return give_up();
    if (name != "exists" && name != "empty") return give_up();
    const auto inner = add(std::move(path));
    const auto made = add({.op = name == "exists" ? Op::exists : Op::empty,
                           .kind = FieldKind::flag,
                           .a = inner});
    return take(".") ? negated(made) : made;
  }

  std::string_view text_;
  const Scopes& scopes_;
  const std::vector<std::string>& settings_;
  std::size_t at_ = 0;
  bool given_up_ = false;
  std::string error_;
  PlainExpression made_;
};

Result<std::optional<PlainExpression>> PlainExpression::compile(
    std::string_view text, const Scopes& scopes,
    const std::vector<std::string>& settings) {
  return PlainCompiler(text, scopes, settings).compile();
}

namespace {

void add_names(const DocumentType& type, std::vector<std::string_view>& names) {
  for (const auto& field : type.fields) {
    names.push_back(field.name);
    if (field.type != nullptr) add_names(*field.type, names);
  }
}

// FHIRPath's own words that look like fields.
constexpr std::string_view kWords[] = {
    "and", "or", "xor",      "implies", "is",    "as",      "div",
    "mod", "in", "contains", "true",    "false", "resource"};

}  // namespace

std::optional<std::string> unknown_field(std::string_view text,
                                         const Scopes& scopes) {
  std::vector<std::string_view> names;
  add_names(*scopes.front().document, names);
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\'' || c == '`' || c == '@' || c == '%') {
      const auto stop = c == '@' || c == '%' ? text.find_first_of(" ).,", i)
                                             : text.find(c, i + 1);
      i = stop == std::string_view::npos ? text.size() : stop + 1;
      continue;
    }
    if (!is_letter(c)) {
      ++i;
      continue;
    }
    auto end = i;
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) {
      ++end;
    }
    const auto name = text.substr(i, end - i);
    const bool function = end < text.size() && text[end] == '(';
    const bool variable = i > 0 && text[i - 1] == '$';
    const bool type_name = name.front() >= 'A' && name.front() <= 'Z';
    const bool known =
        function || variable || type_name ||
        std::find(names.begin(), names.end(), name) != names.end() ||
        std::find(std::begin(kWords), std::end(kWords), name) !=
            std::end(kWords);
    if (!known) return no_field(name, *scopes.back().document);
    i = end;
  }
  return std::nullopt;
}

}  // namespace gateway::map
