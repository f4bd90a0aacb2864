#include "parse/hl7v2_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway::parse {
namespace {

TEST(Hl7v2TextTest, ResolvesEscapes) {
  const Hl7v2Delimiters delimiters{.truncation = '#'};
  struct Row {
    std::string raw;
    std::string text;
  };
  const std::vector<Row> rows{
      {"", ""},
      {"plain", "plain"},
      {R"(A\F\B\S\C\T\D\R\E\E\)", R"(A|B^C&D~E\)"},
      {R"(\P\)", "#"},
      {R"(one\.br\two)", "one\ntwo"},
      {R"(\H\bold\N\)", "bold"},
      {R"(\X0D0A\)", "\r\n"},
      {R"(\XC3BC\)", "\xC3\xBC"},
      // kept as written: no text, unknown, odd, not hexadecimal, unterminated
      {R"(\X00\)", R"(\X00\)"},
      {R"(\XFC\)", R"(\XFC\)"},
      {R"(\X\)", R"(\X\)"},
      {R"(\X4\)", R"(\X4\)"},
      {R"(\XZZ\)", R"(\XZZ\)"},
      {R"(\Zlocal\)", R"(\Zlocal\)"},
      {R"(\.sp3\)", R"(\.sp3\)"},
      {R"(C:\temp)", R"(C:\temp)"},
      {R"(\)", R"(\)"},
      {R"(\\)", R"(\\)"},
      {R"(C:\dir\F\x)", R"(C:\dir|x)"},
  };
  for (const auto& [raw, text] : rows) {
    EXPECT_EQ(decoded(raw, delimiters, Hl7v2Charset::utf8), text) << raw;
    EXPECT_EQ(is_plain(raw, delimiters, Hl7v2Charset::utf8),
              raw.find('\\') == std::string::npos);
  }
}

TEST(Hl7v2TextTest, TruncationNeedsItsDeclaration) {
  EXPECT_EQ(decoded(R"(\P\)", {}, Hl7v2Charset::utf8), R"(\P\)");
}

TEST(Hl7v2TextTest, ReadsLatin1AlsoInHexadecimal) {
  EXPECT_EQ(decoded("\xFC\\XFC\\", {}, Hl7v2Charset::latin1),
            "\xC3\xBC\xC3\xBC");
  EXPECT_FALSE(is_plain("\xFC", {}, Hl7v2Charset::latin1));
}

TEST(Hl7v2TextTest, LongEscapesTakeLinearTime) {
  std::string bomb;
  for (int i = 0; i < 1'000'000; ++i) bomb += "\\X";
  EXPECT_EQ(decoded(bomb, {}, Hl7v2Charset::utf8).size(), bomb.size());
}

TEST(Hl7v2TextTest, EncodedTextIsDecodedToItself) {
  for (const std::string text :
       {"", "plain", "|^~\\&", "a\nb", "tab\there", "M\xC3\xBCller", "\\F\\"}) {
    const auto raw = encoded(text, {});
    EXPECT_EQ(raw.find('|'), std::string::npos);
    EXPECT_EQ(decoded(raw, {}, Hl7v2Charset::utf8), text);
  }
  EXPECT_EQ(encoded("a\rMSH|", {}), "a\\X0D\\MSH\\F\\");
}

TEST(Hl7v2TextTest, KnowsItsCharacterSets) {
  for (const auto* name : {"", "ASCII", "UNICODE UTF-8", "UTF-8"}) {
    EXPECT_EQ(*charset_named(name), Hl7v2Charset::utf8);
  }
  EXPECT_EQ(*charset_named("8859/1"), Hl7v2Charset::latin1);
  for (const auto* name : {"8859/2", "UNICODE UTF-16", "GB 18030-2000"}) {
    EXPECT_EQ(charset_named(name).error().code, ErrorCode::unsupported);
  }
}

}  // namespace
}  // namespace gateway::parse
