#include "transport/http_syntax.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gateway::transport {
namespace {

TEST(HttpSyntaxTest, Hosts) {
  for (const std::string_view good :
       {"a", "localhost:8080", "gateway.example", "127.0.0.1:1", "[::1]",
        "[2001:db8::1]:443", "a_b", "A-b.C"}) {
    EXPECT_TRUE(is_host(good)) << good;
  }
  for (const std::string_view bad :
       {"", ":80", "a:", "a:x", "a:123456", "a b", "a/b", "u@a", "a,b", "[::1",
        "[]", "[g::1]", "[::1]x", "a:1:2"}) {
    EXPECT_FALSE(is_host(bad)) << bad;
  }
  EXPECT_FALSE(is_host(std::string(256, 'a')));
}

TEST(HttpSyntaxTest, PathsAndQueries) {
  for (const std::string_view good :
       {"/", "/fhir/Claim/1/$explain", "/a?b=c&d=%20", "/%C3%A9", "/a;b=c",
        "/a~b!c'(d)*"}) {
    EXPECT_TRUE(is_path_and_query(good)) << good;
  }
  for (const std::string_view bad :
       {"/a b", "/a#b", "/a\"", "/<", "/a|b", "/{id}", "/^", "/`", "/\\", "/%",
        "/%4", "/%4g", "/%00", "/%0A", "/%0d", "/\x7F", "/\x80"}) {
    EXPECT_FALSE(is_path_and_query(bad)) << bad;
  }
}

TEST(HttpSyntaxTest, ContentLengths) {
  for (const std::string_view good : {"0", "5", "999999999999999"}) {
    EXPECT_TRUE(is_content_length(good)) << good;
  }
  for (const std::string_view bad : {"", "00", "05", "+5", "-1", "5,5", " 5",
                                     "5 ", "0x5", "1_0", "1000000000000000"}) {
    EXPECT_FALSE(is_content_length(bad)) << bad;
  }
}

TEST(HttpSyntaxTest, PercentDecoding) {
  EXPECT_EQ(percent_decoded("/a%20b%2Fc"), "/a b/c");
  EXPECT_EQ(percent_decoded("/%e2%82%ac"), "/\xE2\x82\xAC");
  EXPECT_EQ(percent_decoded("/%ff"), std::nullopt);
  EXPECT_EQ(percent_decoded("/%C0%AF"), std::nullopt);
  EXPECT_EQ(percent_decoded("/%ED%A0%80"), std::nullopt);
}

TEST(HttpSyntaxTest, HeaderNamesAndValues) {
  EXPECT_TRUE(is_header_name("X-Workgate-Task"));
  EXPECT_TRUE(is_header_value("W/\"1\"\ttab"));
  EXPECT_TRUE(is_header_value(""));
  for (const std::string_view bad : {"", "a b", "a:", "a\r", "\xC3\xA9"}) {
    EXPECT_FALSE(is_header_name(bad)) << bad;
  }
  for (const std::string_view bad : {"a\r\nb", "a\n", "\x1B[0m", "a\x7F"}) {
    EXPECT_FALSE(is_header_value(bad)) << bad;
  }
}

TEST(HttpSyntaxTest, CaseIsIgnoredInAsciiOnly) {
  EXPECT_TRUE(equal_ignoring_case("Chunked", "cHUNKED"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));  // differ by the same bit
}

}  // namespace
}  // namespace gateway::transport
