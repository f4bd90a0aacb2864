#include "base/utf8.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(Utf8Test, FindsTheFirstIllFormedByte) {
  EXPECT_EQ(first_invalid_utf8("plain ASCII of some length"),
            std::string_view::npos);
  EXPECT_EQ(first_invalid_utf8("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
            std::string_view::npos);
  EXPECT_EQ(first_invalid_utf8("ab\xC1\x81"), 2U);
  EXPECT_EQ(first_invalid_utf8("ab\xE0\x80\x80"), 2U);
  EXPECT_EQ(first_invalid_utf8("ab\xED\xA0\x80"), 2U);
  EXPECT_EQ(first_invalid_utf8("ab\xF4\x90\x80\x80"), 2U);
  EXPECT_EQ(first_invalid_utf8("ab\xE2\x82"), 2U);
  EXPECT_EQ(first_invalid_utf8(std::string_view("abcdefgh\0", 9)), 8U);
  EXPECT_EQ(first_invalid_utf8(std::string_view("abcd\0fgh", 8)), 4U);
}

TEST(Utf8Test, WritesEveryLength) {
  std::string out;
  for (const char32_t c : {U'A', U'\u00e9', U'\u20ac', U'\U0001F600'}) {
    append_utf8(out, c);
  }
  EXPECT_EQ(out, "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

}  // namespace
}  // namespace gateway
