#include "validate/answer_order.h"

#include <gtest/gtest.h>

namespace gateway::validate {
namespace {

TEST(AnswerOrderTest, ComparesAnswersWithBounds) {
  const auto document =
      parse_shared(R"(["2022-06-30","2022-06",5,10,{"value":5,"unit":"Kg"},)"
                   R"({"value":5,"code":"kg"},{"value":6000,"code":"g"}])");
  const Json root = (*document)->root();
  EXPECT_TRUE(*compare_answers(root.at(0), root.at(1)) > 0);
  EXPECT_TRUE(*compare_answers(root.at(2), root.at(3)) < 0);
  EXPECT_FALSE(compare_answers(root.at(4), root.at(5)));
  EXPECT_TRUE(*compare_answers(root.at(5), root.at(6)) < 0);
}

TEST(AnswerOrderTest, MatchesWholeTexts) {
  EXPECT_TRUE(matches_pattern("ab1", "[a-z]+[0-9]"));
  EXPECT_FALSE(matches_pattern("ab1x", "[a-z]+[0-9]"));
  EXPECT_TRUE(matches_pattern("anything", "(broken"));
}

}  // namespace
}  // namespace gateway::validate
