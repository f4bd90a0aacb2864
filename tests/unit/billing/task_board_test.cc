#include "billing/task_board.h"

#include <gtest/gtest.h>

#include "billing/judge.h"

namespace gateway::billing {
namespace {

using Kind = TaskBoard::Origin::Kind;

constexpr Own kRule{"ledger/overlap", "shared",         "apart",
                    "correct",        "review-session", "Procedure"};

std::string patient(const std::string&) { return "Patient/p"; }

TEST(TaskBoardTest, OneTaskHoldsWhatSeveralOriginsSayOfOneFocus) {
  TaskBoard board;
  std::vector<TaskPlan> tasks;
  const std::vector<Judgement> first{own(kRule, "Procedure/1", "a")};
  const std::vector<Judgement> second{own(kRule, "Procedure/1", "b"),
                                      own(kRule, "Procedure/1", "a")};
  board.put({Kind::visit, Instant(), "v"}, {&second});
  board.put({Kind::other, Instant(), "o"}, {&first});
  EXPECT_EQ(board.write(tasks, patient).count("Procedure/1"), 1U);
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].patient, "Patient/p");
  ASSERT_EQ(tasks[0].findings.size(), 2U);  // said once each
  EXPECT_EQ(tasks[0].findings[0].seen, "a");
  EXPECT_TRUE(board.write(tasks, patient).empty());
}

TEST(TaskBoardTest, ATaskEndsWithItsLastFinding) {
  TaskBoard board;
  std::vector<TaskPlan> tasks;
  const std::vector<Judgement> asks{own(kRule, "Procedure/1")};
  board.put({Kind::visit, Instant(), "v"}, {&asks});
  board.put({Kind::visit, Instant(), "w"}, {&asks});
  board.write(tasks, patient);
  board.put({Kind::visit, Instant(), "v"}, {});
  EXPECT_EQ(board.write(tasks, patient).size(), 1U);
  EXPECT_EQ(tasks.size(), 1U);
  board.put({Kind::visit, Instant(), "w"}, {});
  board.write(tasks, patient);
  EXPECT_TRUE(tasks.empty());
}

}  // namespace
}  // namespace gateway::billing
