#include "fhirpath/lexer.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

std::string tokens(std::string_view text) {
  Lexer lexer(text);
  std::string out;
  for (;;) {
    const auto token = lexer.next();
    if (token.kind == TokenKind::end) return out;
    if (token.kind == TokenKind::bad) return out + "!";
    out += "[" + token.text + "]";
  }
}

TEST(Lexer, CutsTokens) {
  EXPECT_EQ(tokens("a.`b c`<=1.5"), "[a][.][b c][<=][1.5]");
  EXPECT_EQ(tokens("1.toString()"), "[1][.][toString][(][)]");
  EXPECT_EQ(tokens("@2015-02-04T14:34:28.123+10:00 @T14"),
            "[2015-02-04T14:34:28.123+10:00][14]");
  EXPECT_EQ(tokens("@2015-02-04.is"), "[2015-02-04][.][is]");
  EXPECT_EQ(tokens("%`a-b` %c $this"), "[a-b][c][this]");
  EXPECT_EQ(tokens("1 // one\n/* two */ 2"), "[1][2]");
}

TEST(Lexer, ReadsEscapes) {
  EXPECT_EQ(tokens(R"('\'\"\`\\\/')"), "['\"`\\/]");
  EXPECT_EQ(tokens(R"('\u0065\p\u00')"), "[epu00]");
  EXPECT_EQ(tokens(R"('\ud83d\ude00')"), "[\xF0\x9F\x98\x80]");
}

TEST(Lexer, RefusesWhatHasNoEnd) {
  EXPECT_EQ(tokens("'abc"), "!");
  EXPECT_EQ(tokens("1 /* 2"), "[1]!");
  EXPECT_EQ(tokens("#"), "!");
  EXPECT_EQ(tokens("$that"), "!");
  EXPECT_EQ(tokens(R"('\ud83d')"), "!");
}

}  // namespace
}  // namespace gateway::fhirpath
