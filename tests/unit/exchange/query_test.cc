#include "exchange/query.h"

#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

using Parameters = std::vector<QueryParameter>;

TEST(QueryTest, DecodesNamesAndValues) {
  const std::pair<std::string, Parameters> kCases[] = {
      {"", {}},
      {"a=1", {{"a", "1"}}},
      {"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
      {"a", {{"a", ""}}},
      {"a=", {{"a", ""}}},
      {"&&a=1&", {{"a", "1"}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"a=x+y%20z%2B", {{"a", "x y z+"}}},
      {"identifier=urn%3Aa%7Cb", {{"identifier", "urn:a|b"}}},
      {"identifier=s|v", {{"identifier", "s|v"}}},
      {"n=%C3%A9", {{"n", "\xC3\xA9"}}},
      {"%61=1", {{"a", "1"}}},
  };
  for (const auto& [text, wanted] : kCases) {
    EXPECT_EQ(taken(parse_query(text)), wanted) << text;
  }
}

TEST(QueryTest, RefusesBrokenEncoding) {
  for (const auto* const text : {"a=%", "a=%2", "a=%zz", "%g1=1", "a=%00",
                                 "a=%C3", "a=%ED%A0%80", "a=%C0%AF"}) {
    EXPECT_EQ(refusal_text(parse_query(text)), "400 rest/bad-encoding") << text;
  }
}

TEST(QueryTest, BoundsTheNumberOfParameters) {
  std::string text;
  for (std::size_t i = 0; i < kMostParameters; ++i) text += "a=1&";
  EXPECT_EQ(refusal_text(parse_query(text)), "ok");
  EXPECT_EQ(refusal_text(parse_query(text + "a=1")),
            "400 rest/too-many-parameters");
}

// What was decoded and is encoded again means the same.
TEST(QueryTest, EncodingIsUndone) {
  std::string every;
  for (int c = 1; c < 128; ++c) every += static_cast<char>(c);
  const Parameters parameters = {
      {"a", every}, {"b c", "\xC3\xA9|&=+%"}, {"", "x"}};
  EXPECT_EQ(taken(parse_query(query_text(parameters))), parameters);
}

TEST(QueryTest, FindsTheFirstValue) {
  const Parameters parameters = {{"a", "1"}, {"a", "2"}};
  EXPECT_EQ(value_of(parameters, "a"), "1");
  EXPECT_EQ(value_of(parameters, "b"), "");
}

TEST(QueryTest, RepeatsOnlyHarmlessNames) {
  EXPECT_EQ(printable_name("based-on"), "\"based-on\"");
  EXPECT_EQ(printable_name("Jane Doe"), "of an unusual name");
  EXPECT_EQ(printable_name("ssn123456789"), "of an unusual name");
  EXPECT_EQ(printable_name(std::string(41, 'a')), "of an unusual name");
}

}  // namespace
}  // namespace gateway::exchange
