#include "program/predicate.h"

#include <gtest/gtest.h>

namespace gateway::program {
namespace {

class Knobs final : public Names {
 public:
  std::optional<Constant> constant(std::string_view name) override {
    if (name == "least") return Constant{FactType::number, 120'000};
    if (name == "allowed") return Constant{FactType::truth, 1};
    return std::nullopt;
  }
  std::shared_ptr<const Predicate> defined(std::string_view name) override {
    if (name != "isShort") return nullptr;
    Knobs knobs;
    return std::make_shared<const Predicate>(
        *Predicate::compile("session.minutes < %least", knobs));
  }
  [[nodiscard]] std::vector<std::string_view> known() const override {
    return {"least", "allowed", "isShort"};
  }
};

Result<Predicate> compile(std::string_view text) {
  Knobs knobs;
  return Predicate::compile(text, knobs);
}

int number(std::optional<bool> answer) {
  return answer ? (*answer ? 1 : 0) : -1;
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
  const auto compiled = compile(GetParam().text);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  EXPECT_TRUE(compiled->is_plain());
  EXPECT_EQ(number(compiled->test(some())), GetParam().answer);
  EXPECT_EQ(number(compiled->evaluate(some())), GetParam().answer);
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
        Row{"%allowed.not()", 0}, Row{"-1 < session.minutes", 1},
        Row{"%isShort", 1}, Row{"%isShort.not() or week.isOver", -1},
        // Equality binds looser than order (FHIRPath 2.0, 5.7).
        Row{"session.minutes < 120 = true", 1}));

// --- what is not plain is FHIRPath's alone

class FullPredicateTest : public ::testing::TestWithParam<Row> {};

TEST_P(FullPredicateTest, IsEvaluated) {
  const auto compiled = compile(GetParam().text);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  EXPECT_FALSE(compiled->is_plain());
  const auto order = JsonDocument::parse(
      R"({"resourceType":"ServiceRequest","status":"active","note":[)"
      R"({"text":"needs an interpreter"}],"priority":"urgent"})");
  const auto first = JsonDocument::parse(
      R"({"resourceType":"Procedure","outcome":{"text":"tolerated"}})");
  const auto second = JsonDocument::parse(R"({"resourceType":"Procedure"})");
  auto facts = some();
  for (const auto* one : {&order, &first, &second}) {
    facts.add_resource({nullptr, (*one)->root()});
  }
  EXPECT_EQ(number(compiled->test(facts)), GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, FullPredicateTest,
    ::testing::Values(
        Row{"%ServiceRequest.status = 'active'", 1},
        Row{"%ServiceRequest.priority = 'routine'", 0},
        Row{"%ServiceRequest.intent = 'order'", -1},  // empty is unknown
        Row{"%ServiceRequest.note.text.matches('interpreter')", 1},
        Row{"%Procedure.count() = 2 and session.minutes < 120", 1},
        Row{"%Procedure.outcome.exists()", 1},
        Row{"%Procedure.where(outcome.empty()).exists()", 1},
        Row{"%Procedure.all(outcome.exists())", 0},
        Row{"%Coverage.exists()", 0}, Row{"session.minutes div 60 = 1", 1},
        Row{"iif(%allowed, session.minutes, 0) > 100", 1},
        Row{"week.attendedDates / 2 > 1", -1}));

// A pack may explode what it reads; the evaluation ends within its budget, and
// says that it gave no answer.
TEST(PredicateBudgetTest, WhatExplodesEndsWithoutAnAnswerAndSaysWhy) {
  std::string order = R"({"resourceType":"ServiceRequest","note":[{})";
  for (int i = 0; i < 100; ++i) {
    order += R"(,{"text":"note )" + std::to_string(i) + R"("})";
  }
  const auto document = JsonDocument::parse(order + "]}");
  ASSERT_TRUE(document.ok());
  auto facts = some();
  facts.add_resource({nullptr, document->root()});
  const auto compiled = compile(
      "%ServiceRequest.descendants().select(%ServiceRequest.descendants())"
      ".select(%ServiceRequest.descendants()).count() > 0");
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  fhirpath::Problem problem;
  EXPECT_EQ(compiled->test(facts, &problem), std::nullopt);
  EXPECT_EQ(problem.kind, fhirpath::ProblemKind::budget);
  EXPECT_NE(problem.message, "");
  fhirpath::Problem none;
  EXPECT_EQ(compile("week.attendedDates > 3")->test(facts, &none),
            std::nullopt);
  EXPECT_EQ(none.message, "");
}

struct Refusal {
  const char* text;
  const char* message;
  std::size_t offset;
};

class RefusedPredicateTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedPredicateTest, SaysWhatAndWhere) {
  const auto compiled = compile(GetParam().text);
  ASSERT_FALSE(compiled.ok());
  EXPECT_EQ(compiled.error().message, GetParam().message);
  EXPECT_EQ(compiled.error().offset, GetParam().offset);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedPredicateTest,
    ::testing::Values(
        Refusal{"session.minuets > 1",
                "unknown fact 'session.minuets'; did you mean "
                "'session.minutes'?",
                0},
        Refusal{"true and sesion.minutes > 1",
                "unknown fact 'sesion.minutes'; did you mean "
                "'session.minutes'?",
                9},
        Refusal{"session.minutes > true",
                "the two sides are a number and a truth value", 18},
        Refusal{"session.minutes", "a truth value is wanted, this is a number",
                8},
        Refusal{"session.minutes > %leest",
                "unknown knob %leest; did you mean 'least'?", 18},
        Refusal{"session.minutes.not()",
                "not() wants a truth value, this is a number", 16},
        Refusal{"session.minutes + true > 1",
                "numbers are wanted on both sides, this is a truth value", 16},
        Refusal{"true and 1",
                "a truth value is wanted on both sides, this is a number", 9},
        Refusal{"true < false", "truth values have no order", 5},
        Refusal{"%Servicerequest.exists()",
                "unknown resource %Servicerequest; did you mean "
                "'ServiceRequest'?",
                0},
        Refusal{"now() > @2026-01-01T00:00:00Z",
                "now() has no place in a requirement, which follows from facts "
                "alone",
                0}));

TEST(PredicateSyntaxTest, NamesTheByteOfWhatIsNoFhirPath) {
  for (const auto* text : {"session.minutes > 1 )", "(true", "", "1 +"}) {
    const auto compiled = compile(text);
    ASSERT_FALSE(compiled.ok()) << text;
    EXPECT_TRUE(compiled.error().offset.has_value()) << text;
  }
  EXPECT_FALSE(compile("session.minutes.frobnicate() = 1").ok());
}

TEST(PredicateDepthTest, NestingIsBounded) {
  const std::string deep(10'000, '(');
  EXPECT_FALSE(compile(deep + "true").ok());
}

}  // namespace
}  // namespace gateway::program
