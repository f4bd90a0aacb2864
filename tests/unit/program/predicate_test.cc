#include "program/predicate.h"

#include <gtest/gtest.h>

namespace gateway::program {
namespace {

std::optional<Constant> knob(std::string_view name) {
  if (name == "least") return Constant{FactType::number, 120'000};
  if (name == "allowed") return Constant{FactType::truth, 1};
  return std::nullopt;
}

Facts some() {
  Facts facts;
  facts.set_count(Fact::session_minutes, 119);
  facts.set(Fact::referral_as_needed, false);
  facts.set_number(Fact::referral_per_week_low, 2500);
  return facts;
}

struct Row {
  const char* text;
  int answer;  // 1 true, 0 false, -1 unknown
};

class PredicateTest : public ::testing::TestWithParam<Row> {};

TEST_P(PredicateTest, Answers) {
  const auto compiled = Predicate::compile(GetParam().text, knob);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  const auto answer = compiled->test(some());
  EXPECT_EQ(answer ? (*answer ? 1 : 0) : -1, GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PredicateTest,
    ::testing::Values(
        Row{"session.minutes >= %least", 0}, Row{"session.minutes < 120", 1},
        Row{"session.minutes + 1 >= %least", 1},
        Row{"session.minutes = 119 and referral.isAsNeeded.not()", 1},
        Row{"referral.sessionsPerWeek.low >= 2.5", 1},
        Row{"referral.sessionsPerWeek.low * 2 = 5", 1},
        Row{"week.attendedDates > 3", -1},
        Row{"week.attendedDates > 3 or true", 1},
        Row{"week.attendedDates > 3 and false", 0},
        Row{"week.attendedDates.exists()", 0},
        Row{"week.attendedDates.empty()", 1},
        Row{"false implies week.isOver", 1}, Row{"week.isOver implies true", 1},
        Row{"true xor %allowed", 0},
        Row{"(session.minutes < 100 or %allowed).not()", 0},
        Row{"%allowed.not()", 0}));

struct Refusal {
  const char* text;
  const char* message;
  std::size_t offset;
};

class RefusedPredicateTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedPredicateTest, SaysWhatAndWhere) {
  const auto compiled = Predicate::compile(GetParam().text, knob);
  ASSERT_FALSE(compiled.ok());
  EXPECT_EQ(compiled.error().message, GetParam().message);
  EXPECT_EQ(compiled.error().offset, GetParam().offset);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedPredicateTest,
    ::testing::Values(
        Refusal{"session.minuets > 1", "unknown fact 'session.minuets'", 0},
        Refusal{"session.minutes > true",
                "the two sides are of different types", 22},
        Refusal{"session.minutes", "the expression is not a truth value", 15},
        Refusal{"session.minutes > %most", "unknown knob %most", 23},
        Refusal{"session.minutes > 1 )", "unexpected text", 20},
        Refusal{"session.minutes.count() = 1", "unknown function 'count'", 23},
        Refusal{"true and 1", "a truth value is wanted on both sides", 10},
        Refusal{"(true", "')' is missing", 5}));

TEST(PredicateDepthTest, NestingIsBounded) {
  const std::string deep(10'000, '(');
  EXPECT_FALSE(Predicate::compile(deep + "true", knob).ok());
}

}  // namespace
}  // namespace gateway::program
