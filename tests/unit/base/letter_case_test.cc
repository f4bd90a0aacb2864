#include "base/letter_case.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(LetterCaseTest, KnowsLettersBeyondAscii) {
  EXPECT_EQ(upper_case("aé ñžя 1ß"), "AÉ ÑŽЯ 1ß");
  EXPECT_EQ(lower_case("AÉ ÑŽЯ 1ẞ"), "aé ñžя 1ß");
  EXPECT_EQ(upper_case("患者😀"), "患者😀");
  EXPECT_EQ(upper_case(""), "");
}

TEST(LetterCaseTest, BytesThatAreNoLettersStay) {
  EXPECT_EQ(upper_case("a\xC3"), "A\xC3");
  EXPECT_EQ(lower_case("A\xF0\x9F"), "a\xF0\x9F");
}

}  // namespace
}  // namespace gateway
