#include "billing/denials.h"

#include <gtest/gtest.h>

#include <set>

namespace gateway::billing {
namespace {

TEST(DenialsTest, EachCodeOnceAndEachPrevented) {
  std::set<std::string_view> codes;
  for (const auto& denial : denials()) {
    EXPECT_TRUE(codes.insert(denial.code).second) << denial.code;
    EXPECT_FALSE(denial.rules.empty()) << denial.code;
  }
}

TEST(DenialsTest, AFindingLeavesItsCodeOpen) {
  Visit visit;
  const auto all = cleared(visit).size();
  Judgement judged;
  judged.rule = "clinic-work-conditioning/A6";
  visit.judgements.push_back(judged);
  EXPECT_EQ(cleared(visit).size(), all - 1);
}

}  // namespace
}  // namespace gateway::billing
