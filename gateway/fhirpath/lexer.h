// Lexer cuts an expression into tokens (FHIRPath 2.0, 3 and appendix B).

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fhirpath/problem.h"

namespace gateway::fhirpath {

enum class TokenKind : std::uint8_t {
  end,
  name,       // text: the name
  delimited,  // `name`, text: unescaped
  string,     // text: unescaped
  number,
  date,  // text: without '@'
  date_time,
  time,      // text: without '@T'
  variable,  // text: without '%'
  special,   // text: "this", "index", "total"
  symbol,
  bad,  // the lexer's problem says why
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;
  std::size_t place = 0;

  [[nodiscard]] bool is(std::string_view symbol) const {
    return kind == TokenKind::symbol && text == symbol;
  }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return kind == TokenKind::name && text == word;
  }
};

class Lexer {
 public:
  // `text` must outlive the lexer.
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next();
  [[nodiscard]] const Problem& problem() const { return problem_; }

 private:
  bool skip_blanks();
  Token quoted(char quote, TokenKind kind);
  bool escape(std::string& out);
  Token number();
  Token temporal();
  Token variable();
  Token special();
  Token symbol();
  std::string_view take_name();
  std::string_view take_while(std::string_view accepted);
  Token bad(std::size_t place, std::string message);
  [[nodiscard]] char at(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Problem problem_;
};

// `name` as it stands in an expression: in backticks where it must be.
bool is_plain_name(std::string_view name);

}  // namespace gateway::fhirpath
