#include "fhirpath/lexer.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace gateway::fhirpath {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool continues_name(char c) { return begins_name(c) || is_digit(c); }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Four hexadecimal digits at the front of `text`, or -1.
int code_unit(std::string_view text) {
  if (text.size() < 4) return -1;
  int value = 0;
  for (const char c : text.substr(0, 4)) {
    const int digit = hex_value(c);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

bool is_plain_name(std::string_view name) {
  if (name.empty() || !begins_name(name.front())) return false;
  for (const char c : name) {
    if (!continues_name(c)) return false;
  }
  return true;
}

Token Lexer::bad(std::size_t place, std::string message) {
  if (problem_.message.empty()) {
    problem_ = {ProblemKind::syntax, std::move(message), place};
  }
  at_ = text_.size();
  return {TokenKind::bad, {}, place};
}

// False if a comment does not end.
bool Lexer::skip_blanks() {
  for (;;) {
    while (at_ < text_.size() &&
           (at(0) == ' ' || at(0) == '\t' || at(0) == '\n' || at(0) == '\r')) {
      ++at_;
    }
    if (at(0) != '/') return true;
    if (at(1) == '/') {
      at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    } else if (at(1) == '*') {
      const auto end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) return false;
      at_ = end + 2;
    } else {
      return true;
    }
  }
}

Token Lexer::next() {
  if (!skip_blanks()) {
    return bad(at_, "the comment has no end: close it with */");
  }
  const auto place = at_;
  if (at_ >= text_.size()) return {TokenKind::end, {}, place};
  const char c = at(0);
  if (begins_name(c)) {
    return {TokenKind::name, std::string(take_name()), place};
  }
  if (is_digit(c)) return number();
  switch (c) {
    case '\'':
      return quoted('\'', TokenKind::string);
    case '`':
      return quoted('`', TokenKind::delimited);
    case '@':
      return temporal();
    case '%':
      return variable();
    case '$':
      return special();
    default:
      return symbol();
  }
}

std::string_view Lexer::take_name() {
  const auto begin = at_;
  while (continues_name(at(0))) ++at_;
  return text_.substr(begin, at_ - begin);
}

std::string_view Lexer::take_while(std::string_view accepted) {
  const auto begin = at_;
  while (at_ < text_.size() && accepted.find(at(0)) != std::string_view::npos) {
    ++at_;
  }
  return text_.substr(begin, at_ - begin);
}

// After the backslash. Other characters stand for themselves, and so does a
// 'u' without four digits (FHIRPath 2.0, 3.1.3).
bool Lexer::escape(std::string& out) {
  const char c = at(0);
  if (at_ >= text_.size()) return false;
  ++at_;
  switch (c) {
    case 'n':
      out += '\n';
      return true;
    case 'r':
      out += '\r';
      return true;
    case 't':
      out += '\t';
      return true;
    case 'f':
      out += '\f';
      return true;
    case 'u':
      break;
    default:
      out += c;
      return true;
  }
  const int first = code_unit(text_.substr(at_));
  if (first < 0) {
    out += 'u';
    return true;
  }
  at_ += 4;
  if (first < 0xD800 || first > 0xDFFF) {
    append_utf8(out, static_cast<char32_t>(first));
    return true;
  }
  const bool pair = first < 0xDC00 && at(0) == '\\' && at(1) == 'u';
  const int second = pair ? code_unit(text_.substr(at_ + 2)) : -1;
  if (second < 0xDC00 || second > 0xDFFF) return false;
  at_ += 6;
  append_utf8(out, 0x10000U +
                       ((static_cast<std::uint32_t>(first) - 0xD800U) << 10U) +
                       (static_cast<std::uint32_t>(second) - 0xDC00U));
  return true;
}

Token Lexer::quoted(char quote, TokenKind kind) {
  const auto place = at_++;
  std::string out;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == quote) return {kind, std::move(out), place};
    if (c != '\\') {
      out += c;
    } else if (!escape(out)) {
      return bad(at_, "half of a surrogate pair is no character");
    }
  }
  return bad(place, std::string("the text has no end: close it with ") + quote);
}

Token Lexer::number() {
  const auto place = at_;
  constexpr std::string_view kDigits = "0123456789";
  take_while(kDigits);
  if (at(0) == '.' && is_digit(at(1))) {
    ++at_;
    take_while(kDigits);
  }
  return {TokenKind::number, std::string(text_.substr(place, at_ - place)),
          place};
}

// '@' and the longest text that can be a date, a dateTime or a time.
Token Lexer::temporal() {
  const auto place = at_++;
  const auto clock = [this] {
    const auto begin = at_;
    take_while("0123456789:");
    if (at(0) == '.' && is_digit(at(1))) {
      ++at_;
      take_while("0123456789");
    }
    return at_ > begin;
  };
  if (at(0) == 'T') {
    ++at_;
    const auto begin = at_;
    if (!clock()) return bad(place, "a time needs digits: @T14:30");
    return {TokenKind::time, std::string(text_.substr(begin, at_ - begin)),
            place};
  }
  const auto begin = at_;
  take_while("0123456789-");
  if (at_ == begin) return bad(place, "'@' begins a date: @2024-05-17");
  if (at(0) != 'T') {
    return {TokenKind::date, std::string(text_.substr(begin, at_ - begin)),
            place};
  }
  ++at_;
  const auto day_end = at_ - 1;
  if (!clock()) {
    return {TokenKind::date_time,
            std::string(text_.substr(begin, day_end - begin)), place};
  }
  if (at(0) == 'Z') {
    ++at_;
  } else if ((at(0) == '+' || at(0) == '-') && is_digit(at(1)) &&
             is_digit(at(2)) && at(3) == ':') {
    ++at_;
    take_while("0123456789:");
  }
  return {TokenKind::date_time, std::string(text_.substr(begin, at_ - begin)),
          place};
}

Token Lexer::variable() {
  const auto place = at_++;
  if (begins_name(at(0))) {
    return {TokenKind::variable, std::string(take_name()), place};
  }
  if (at(0) == '`' || at(0) == '\'') {
    auto token = quoted(at(0), TokenKind::variable);
    token.place = place;
    return token;
  }
  return bad(place, "'%' begins a variable: %resource");
}

Token Lexer::special() {
  const auto place = at_++;
  const auto word = take_name();
  if (word == "this" || word == "index" || word == "total") {
    return {TokenKind::special, std::string(word), place};
  }
  return bad(place, "after '$' comes this, index or total");
}

Token Lexer::symbol() {
  constexpr std::array<std::string_view, 22> kSymbols{
      "<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".",
      ",",  "+",  "-",  "*",  "/", "&", "|", "<", ">", "=", "~"};
  const auto rest = text_.substr(at_);
  for (const auto symbol : kSymbols) {
    if (!rest.starts_with(symbol)) continue;
    const auto place = at_;
    at_ += symbol.size();
    return {TokenKind::symbol, std::string(symbol), place};
  }
  return bad(at_, "this character has no meaning in FHIRPath");
}

}  // namespace gateway::fhirpath
