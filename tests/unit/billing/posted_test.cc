#include "billing/posted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Posting used(std::int64_t amount, const std::string& cause) {
  return {.authorization = "ClaimResponse/a",
          .unit = "visits",
          .from = "remaining",
          .to = "used",
          .amount = amount,
          .cause = cause,
          .reason = "attended",
          .date = {}};
}

std::vector<std::string> texts(const std::vector<Entry>& entries) {
  std::vector<std::string> found;
  for (const auto& one : entries) {
    found.push_back(one.account + " " + one.amount + " " + one.reason);
  }
  return found;
}

const Reach kWhole = Reach::everything();

TEST(PostedTest, AmendmentsAreReversals) {
  Plan plan;
  plan.postings = {used(1000, "Procedure/s/_history/1")};
  Posted posted;
  const auto first = due_entries(plan, kWhole, posted);
  EXPECT_THAT(texts(first),
              ElementsAre("remaining -1 attended", "used 1 attended"));
  for (const auto& one : first) posted.add(one);
  EXPECT_THAT(due_entries(plan, kWhole, posted), IsEmpty());
  plan.postings = {used(3000, "Procedure/s/_history/2")};
  EXPECT_THAT(texts(due_entries(plan, kWhole, posted)),
              ElementsAre("remaining -2 reversed", "used 2 reversed"));
  plan.postings.clear();
  EXPECT_THAT(texts(due_entries(plan, kWhole, posted)),
              ElementsAre("remaining 1 reversed", "used -1 reversed"));
}

TEST(PostedTest, OnlyCausesThatWereReachedAreCompared) {
  Plan plan;
  plan.postings = {used(1000, "Appointment/b"), used(1000, "Appointment/c")};
  Reach reach;
  EXPECT_THAT(due_entries(plan, reach, Posted()), IsEmpty());
  reach.causes = {"Appointment/c"};
  const auto due = due_entries(plan, reach, Posted());
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].cause, "Appointment/c");
}

}  // namespace
}  // namespace gateway::billing
