#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace gateway {
namespace {

using testing::HasSubstr;

struct Refused {
  const char* name;
  std::string text;
  ErrorCode code;
  std::size_t offset;
};

class JsonRefusalTest : public testing::TestWithParam<Refused> {};

TEST_P(JsonRefusalTest, NamesTheByte) {
  const auto result = JsonDocument::parse(GetParam().text);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, GetParam().code);
  ASSERT_TRUE(result.error().offset);
  EXPECT_EQ(*result.error().offset, GetParam().offset);
  EXPECT_THAT(result.error().message,
              HasSubstr("byte " + std::to_string(GetParam().offset)));
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

INSTANTIATE_TEST_SUITE_P(
    Table, JsonRefusalTest,
    testing::Values(
        Refused{"empty", "", ErrorCode::invalid, 0},
        Refused{"trailing", "{} x", ErrorCode::invalid, 3},
        Refused{"second", "{}{}", ErrorCode::invalid, 2},
        Refused{"nul", std::string("{}\0{}", 5), ErrorCode::invalid, 2},
        Refused{"bom", "\xEF\xBB\xBF{}", ErrorCode::invalid, 0},
        Refused{"utf8", "{\"a\":\"\xC0\xAF\"}", ErrorCode::invalid, 6},
        Refused{"surrogate_bytes", "\"\xED\xA0\x80\"", ErrorCode::invalid, 1},
        Refused{"low_half", R"("\udc00")", ErrorCode::invalid, 1},
        Refused{"high_half", R"("\ud800x")", ErrorCode::invalid, 1},
        Refused{"half_in_name", R"({"\udc00":1})", ErrorCode::invalid, 2},
        Refused{"repeated", R"([{"a":1,"a":2}])", ErrorCode::invalid, 1},
        Refused{"repeated_escaped", R"({"a":1,"\u0061":2})", ErrorCode::invalid,
                0},
        Refused{"leading_zero", "[01]", ErrorCode::invalid, 2},
        Refused{"huge", "[1e400]", ErrorCode::invalid, 1},
        Refused{"nan", "[NaN]", ErrorCode::invalid, 1},
        Refused{"comment", "[1/*x*/]", ErrorCode::invalid, 2},
        Refused{"comma", "[1,]", ErrorCode::invalid, 3},
        Refused{"no_comma", R"({"a":1 "b":2})", ErrorCode::invalid, 7},
        Refused{"no_colon", R"({"a" 1})", ErrorCode::invalid, 5},
        Refused{"no_name", R"({"a":1,})", ErrorCode::invalid, 7},
        Refused{"bare_name", "{a:1}", ErrorCode::invalid, 1},
        Refused{"open_object", R"({"a":1)", ErrorCode::invalid, 6},
        Refused{"open_string", "[\"a", ErrorCode::invalid, 3},
        Refused{"open_escape", "[\"\\", ErrorCode::invalid, 2},
        Refused{"bad_escape", R"(["a\x"])", ErrorCode::invalid, 3},
        Refused{"short_escape", R"(["\u12"])", ErrorCode::invalid, 6},
        Refused{"wrong_end", "[1}", ErrorCode::invalid, 2},
        Refused{"half_word", "[tru", ErrorCode::invalid, 1},
        Refused{"minus", "[-]", ErrorCode::invalid, 2},
        Refused{"plus", "[+1]", ErrorCode::invalid, 1},
        Refused{"no_places", "[1.]", ErrorCode::invalid, 3},
        Refused{"no_exponent", "[1e+]", ErrorCode::invalid, 4},
        Refused{"many_digits", '[' + std::string(310, '9') + ']',
                ErrorCode::invalid, 1},
        Refused{"deep", nested(65), ErrorCode::too_large, 64},
        Refused{"bomb", nested(100000), ErrorCode::too_large, 64}),
    [](const auto& row) { return row.param.name; });

TEST(JsonTest, RefusesManyMembersWithOneRepeated) {
  std::string text = "{";
  for (int i = 0; i < 40; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_FALSE(JsonDocument::parse(text + "\"k7\":2}"));
  EXPECT_TRUE(JsonDocument::parse(text + "\"k40\":2}"));
}

TEST(JsonTest, HoldsItsBudgets) {
  const JsonLimits limits{.bytes = 20, .nodes = 4, .depth = 2};
  EXPECT_TRUE(JsonDocument::parse("[1,2,3]", KeyTable::none(), limits));
  EXPECT_FALSE(JsonDocument::parse("[1,2,3,4]", KeyTable::none(), limits));
  EXPECT_FALSE(JsonDocument::parse("[[[]]]", KeyTable::none(), limits));
  EXPECT_FALSE(JsonDocument::parse("\"01234567890123456789\"", KeyTable::none(),
                                   limits));
}

// Wherever it stands: the text is looked at sixteen bytes at a time.
TEST(JsonReaderTest, FindsTheEndOfStringsOfEveryLength) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string content(size, 'x');
    const auto text = "{\"" + content + "\":\"" + content + "\"}";
    const auto document = JsonDocument::parse(text);
    ASSERT_TRUE(document.ok()) << size;
    EXPECT_EQ(document->root().get(content).text(), content);
    EXPECT_EQ(document->root().get(content).raw(), '"' + content + '"');
    EXPECT_FALSE(JsonDocument::parse(text.substr(0, text.size() - 2)).ok());
    const auto spaced = std::string(size, ' ') + "[" + std::string(size, '\n') +
                        "1" + std::string(size, '\t') + "]";
    EXPECT_TRUE(JsonDocument::parse(spaced).ok()) << size;
  }
}

// The bytes of a string are those that were sent, however it was escaped.
TEST(JsonReaderTest, SpansOfEscapedStringsEndAtTheirQuote) {
  for (const std::string content :
       {R"()", R"(plain)", R"(\\)", R"(\"\")", R"(a\nb\tc\"d\\)", R"(\u0041)",
        R"(\u00e9x)", R"(\u20AC)", R"(\ud83d\ude00!)", R"(é€😀)",
        R"(<div class=\"a\">\n text\u00A0longer than one step\n</div>)"}) {
    const auto quoted = '"' + content + '"';
    const auto document = JsonDocument::parse("[" + quoted + ",1]");
    ASSERT_TRUE(document.ok()) << content;
    EXPECT_EQ(document->root().at(0).raw(), quoted);
    EXPECT_EQ(document->root().at(1).raw(), "1");
  }
  for (const auto* half :
       {R"(["\udc00"])", R"(["a\n\udFFFb"])", R"(["\ud83d\ude00\ude00"])"}) {
    EXPECT_FALSE(JsonDocument::parse(half).ok()) << half;
  }
}

}  // namespace
}  // namespace gateway
