#include "billing/extras.h"

#include <gtest/gtest.h>

#include <list>

namespace gateway::billing {
namespace {

class ExtrasTest : public ::testing::Test {
 protected:
  ExtrasTest() {
    policy_.rules.allowed_extra_codes = {"97110", "97530"};
    policy_.rules.aggregate_limit_minutes = 60;
    visit_.policy = &policy_;
  }

  void treat(const std::string& code, int minutes) {
    const auto start = *parse_instant("2026-04-21T13:00:00-05:00");
    auto& session = sessions_.emplace_back();
    session.code = code;
    session.period = Interval{start, start + std::chrono::minutes(minutes)};
    visit_.extras.push_back(&session);
  }

  program::Policy policy_;
  Visit visit_;
  std::list<episode::Session> sessions_;
};

TEST_F(ExtrasTest, WhatIsLeftGoesToTheGreatestRemainder) {
  treat("97110", 40);
  treat("97530", 15);
  EXPECT_EQ(extra_minutes(visit_), 55);
  const auto extras = extras_of(visit_);
  ASSERT_EQ(extras.size(), 2U);
  EXPECT_EQ(extras.at("97110").units, 3);
  EXPECT_EQ(extras.at("97530").units, 1);
  EXPECT_EQ(extras.at("97110").minutes, 40);
}

TEST_F(ExtrasTest, ExactlyTheLimitIsTooMuch) {
  treat("97110", 40);
  treat("97530", 20);
  EXPECT_TRUE(extras_of(visit_).empty());
}

TEST_F(ExtrasTest, ACodeThatIsNotAllowedCountsTowardTheLimitOnly) {
  treat("97140", 30);
  treat("97110", 20);
  EXPECT_FALSE(is_allowed(visit_, "97140"));
  const auto extras = extras_of(visit_);
  ASSERT_EQ(extras.size(), 1U);
  EXPECT_EQ(extras.at("97110").units, 1);
}

}  // namespace
}  // namespace gateway::billing
