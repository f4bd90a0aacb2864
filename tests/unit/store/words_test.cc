#include "store/words.h"

#include <gtest/gtest.h>

namespace gateway::store {
namespace {

TEST(WordsTest, NumbersStandForTexts) {
  Words words;
  EXPECT_EQ(words.next_id(), 1);
  words.add(7, "Claim");
  words.add(3, "");
  EXPECT_EQ(words.find("Claim"), 7);
  EXPECT_EQ(words.find(""), 3);
  EXPECT_EQ(words.find("Task"), std::nullopt);
  EXPECT_EQ(words.text(7), "Claim");
  EXPECT_EQ(words.text(8), "");
  EXPECT_EQ(words.next_id(), 8);
}

TEST(WordsTest, ParametersBelongToTheirType) {
  EXPECT_EQ(param_word("Claim", "patient"), "Claim.patient");
}

}  // namespace
}  // namespace gateway::store
