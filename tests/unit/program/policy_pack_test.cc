#include "program/policy_pack.h"

#include <gtest/gtest.h>

namespace gateway::program {
namespace {

constexpr const char* kHead = "id: p\nversion: '1'\n";

Result<PolicyPack> pack(const std::string& text,
                        const Overrides& overrides = {}) {
  const auto yaml = Yaml::parse(kHead + text, "p.yaml");
  if (!yaml) return yaml.error();
  return read_pack(*yaml, overrides);
}

TEST(PolicyPackTest, ReadsKnobsRowsAndTheirWarnings) {
  const auto read = pack(
      "effective: {from: 2021-04-22}\nstale: 2022-04-01\n"
      "programs: [work-hardening]\n"
      "knobs:\n  maxMinutesPerDay: {value: 300, source: S}\n"
      "requirements:\n"
      "  A24:\n"
      "    about: session\n"
      "    severity: hold\n"
      "    require: session.minutes <= %maxMinutesPerDay\n"
      "    task: review-session\n"
      "    seen: session.minutes\n"
      "    text: Too long\n"
      "    source: S\n"
      "    warning: {require: session.minutes < 240, text: Long}\n");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_FALSE(read->work_conditioning);
  EXPECT_TRUE(read->in_force(*LocalDate::from(2021, 4, 22)));
  EXPECT_FALSE(read->in_force(*LocalDate::from(2021, 4, 21)));
  ASSERT_EQ(read->requirements.size(), 2U);
  EXPECT_EQ(read->requirements[0].rule, "p/A24");
  EXPECT_EQ(read->requirements[0].knobs,
            std::vector<std::string>{"maxMinutesPerDay"});
  EXPECT_TRUE(read->requirements[1].variant);
  EXPECT_EQ(read->requirements[1].weight, Weight::warn);
  EXPECT_TRUE(read->requirements[1].task.empty());
}

TEST(PolicyPackTest, ASiteOverridesKnobsAndGates) {
  const std::string text =
      "knobs:\n  minSessionMinutes: {value: 120, source: S}\n"
      "requirements:\n"
      "  A27: {about: session, severity: hold, gate: WARN, require: "
      "episode.hasDedication, task: review-session, text: x, source: S}\n"
      "  A28: {about: session, severity: hold, gate: WARN, require: "
      "episode.hasJobAnalysis, task: review-session, text: x, source: S}\n";
  const auto one =
      pack(text, {{"minSessionMinutes", "90"}, {"gate.A27", "HOLD"}});
  ASSERT_TRUE(one.ok()) << one.error().message;
  EXPECT_EQ(one->knobs.at("minSessionMinutes").text, "90");
  EXPECT_EQ(one->requirements[0].effective_weight(), Weight::hold);
  EXPECT_EQ(one->requirements[1].effective_weight(), Weight::warn);
  const auto all = pack(text, {{"gate", "HOLD"}});
  EXPECT_EQ(all->requirements[1].effective_weight(), Weight::hold);
}

TEST(PolicyPackTest, RowsShareConditionsByName) {
  const auto read = pack(
      "knobs: {maxWeeks: {value: 6, source: S}}\n"
      "define:\n"
      "  isLong: '%isLate or session.minutes > 300'\n"
      "  isLate: episode.days > 7 * %maxWeeks\n"
      "requirements:\n"
      "  A1: {about: session, text: x, source: S, require: '%isLong.not()'}\n");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const auto& row = read->requirements[0];
  EXPECT_EQ(row.knobs, std::vector<std::string>{"maxWeeks"});
  Facts facts;
  EXPECT_EQ(row.require->test(facts), std::nullopt);
  facts.set_count(Fact::episode_days, 43);
  EXPECT_EQ(row.require->test(facts), false);
  facts.set_count(Fact::episode_days, 42);
  facts.set_count(Fact::session_minutes, 300);
  EXPECT_EQ(row.require->test(facts), true);
  EXPECT_EQ(row.require->evaluate(facts), true);
}

TEST(PolicyPackTest, AnOverrideStaysBelowWhatThePackAllows) {
  const std::string text =
      "knobs:\n"
      "  minSessionMinutes: {value: 120, source: S}\n"
      "  maxMinutesPerDay: {value: 300, source: S}\n";
  const auto crossed = pack(text, {{"minSessionMinutes", "301"}});
  ASSERT_FALSE(crossed.ok());
  EXPECT_EQ(crossed.error().message,
            "p.yaml:4:22: knob minSessionMinutes is 301, more than "
            "maxMinutesPerDay, which is 300");
  EXPECT_TRUE(pack(text, {{"minSessionMinutes", "300"}}).ok());
}

TEST(PolicyPackTest, WhatSaysNothingIsVerifiedAsItsPackIs) {
  const auto read = pack(
      "verified: false\n"
      "knobs:\n"
      "  tie: {value: DOWN, source: S}\n"
      "  unitRule: {value: MIDPOINT, source: S, verified: true}\n"
      "requirements:\n"
      "  A1: {text: x, source: S}\n"
      "  A2: {text: x, source: S, verified: true}\n");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_FALSE(read->knobs.at("tie").verified);
  EXPECT_TRUE(read->knobs.at("unitRule").verified);
  EXPECT_FALSE(read->requirements[0].verified);
  EXPECT_TRUE(read->requirements[1].verified);
}

TEST(PolicyPackTest, ARowHasItsOwnPeriod) {
  const auto read = pack(
      "requirements:\n"
      "  A1: {text: x, source: S, effective: {from: 2024-01-01, to: "
      "2024-12-31}}\n");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const auto& row = read->requirements[0];
  EXPECT_FALSE(row.in_force(*LocalDate::from(2023, 12, 31)));
  EXPECT_TRUE(row.in_force(*LocalDate::from(2024, 12, 31)));
  EXPECT_FALSE(row.in_force(*LocalDate::from(2025, 1, 1)));
}

struct Refusal {
  const char* name;
  const char* text;
  const char* message;
};

class RefusedPackTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedPackTest, SaysWhereAndWhat) {
  const auto read = pack(GetParam().text);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(
      read.error().message.substr(0, std::string(GetParam().message).size()),
      GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedPackTest,
    ::testing::Values(
        Refusal{
            "UnknownFact",
            "requirements:\n  A1: {text: x, require: session.minuets > 1}\n",
            "p.yaml:4:26: unknown fact 'session.minuets'"},
        Refusal{"TypeError",
                "requirements:\n  A1: {text: x, require: session.minutes}\n",
                "p.yaml:4:34: a truth value is wanted, this is a number"},
        Refusal{"KnobOutOfRange", "knobs:\n  maxDaysPerWeek: 9\n",
                "p.yaml:4:19: knob maxDaysPerWeek: a whole number from 0 to 7"},
        Refusal{"UnknownKnob", "knobs:\n  minutes: 9\n",
                "p.yaml:4:12: unknown knob minutes"},
        Refusal{"UnknownMember", "colour: red\n",
                "p.yaml:3:1: unknown member 'colour'"},
        Refusal{"UnknownRowMember",
                "requirements:\n  A1: {text: x, colour: red}\n",
                "p.yaml:4:17: unknown member 'colour'"},
        Refusal{"NoText", "requirements:\n  A1: {severity: warn}\n",
                "p.yaml:4:7: a requirement has a text"},
        Refusal{"BadWord", "requirements:\n  A1: {text: x, severity: fatal}\n",
                "p.yaml:4:27: 'fatal' is not one of the words"},
        Refusal{"BadDate", "stale: yesterday\n",
                "p.yaml:3:8: a date as 2026-01-31 is wanted"},
        Refusal{"NearestFact",
                "requirements:\n  A1: {text: x, seen: session.minute}\n",
                "p.yaml:4:23: unknown fact 'session.minute'; did you mean "
                "'session.minutes'?"},
        Refusal{"NearestMember", "verfied: true\n",
                "p.yaml:3:1: unknown member 'verfied'; did you mean "
                "'verified'?"},
        Refusal{"KnobThatThePackLacks",
                "knobs: {maxWeeks: 6}\nrequirements:\n"
                "  A1: {text: x, require: episode.days < %maxWeek}\n",
                "p.yaml:5:41: unknown knob %maxWeek; did you mean "
                "'maxWeeks'?"},
        Refusal{"Cycle", "define:\n  a: '%b'\n  b: '%c or true'\n  c: '%a'\n",
                "p.yaml:4:3: a cycle: a -> b -> c -> a"},
        Refusal{"CycleOfOne", "define:\n  a: '%a.not()'\n",
                "p.yaml:4:3: a cycle: a -> a"},
        Refusal{"DefinitionOfAKnob", "define:\n  maxWeeks: 'true'\n",
                "p.yaml:4:3: 'maxWeeks' is a knob"},
        Refusal{"ErrorInADefinition",
                "define:\n  a: 'true'\n  b: '%a and session.minuets > 1'\n",
                "p.yaml:5:14: unknown fact 'session.minuets'"},
        Refusal{"PeriodThatEndsFirst",
                "effective: {from: 2022-01-01, to: 2021-01-01}\n",
                "p.yaml:3:12: the period ends before it begins"},
        Refusal{"CheckedWithoutExpression",
                "requirements:\n  A1: {text: x, kind: checked}\n",
                "p.yaml:4:7: a checked requirement has an expression"},
        Refusal{"AttestedWithExpression",
                "requirements:\n  A1: {text: x, kind: attested, require: "
                "referral.isActive}\n",
                "p.yaml:4:23: what is required is checked, not attested"},
        Refusal{"WordBesideTheWord",
                "requirements:\n  A1: {text: x, source: S, missing: unmett}\n",
                "p.yaml:4:37: 'unmett' is not one of the words; did you mean "
                "'unmet'?"},
        Refusal{"LeavesSomethingElse",
                "requirements:\n  A1: {text: x, source: S, leaves: claim}\n",
                "p.yaml:4:36: 'claim' is not one of the words"},
        Refusal{"VerifiedByNo",
                "requirements:\n  A1: {text: x, source: S, verified: no}\n",
                "p.yaml:4:38: true or false is wanted"},
        Refusal{"PackVerifiedByOff", "verified: off\n",
                "p.yaml:3:11: true or false is wanted"},
        Refusal{"ComposedByYes", "composedIntoAll: yes\n",
                "p.yaml:3:18: true or false is wanted"},
        Refusal{"KnobWithoutSource", "knobs:\n  maxWeeks: {value: 6}\n",
                "p.yaml:4:13: knob maxWeeks has no source"},
        Refusal{"BareKnob", "knobs:\n  maxWeeks: 6\n",
                "p.yaml:4:13: knob maxWeeks has no source"},
        Refusal{"RowWithoutSource", "requirements:\n  A1: {text: x}\n",
                "p.yaml:4:7: a requirement has a source"},
        Refusal{"MinutesThatCross",
                "knobs:\n"
                "  minSessionMinutes: {value: 120, source: S}\n"
                "  maxMinutesPerDay: {value: 100, source: S}\n",
                "p.yaml:4:22: knob minSessionMinutes is 120, more than "
                "maxMinutesPerDay, which is 100"},
        Refusal{"DaysThatCross",
                "knobs:\n"
                "  maxDaysPerWeek: {value: 5, source: S}\n"
                "  minDaysPerWeek: {value: 6, source: S}\n",
                "p.yaml:5:19: knob minDaysPerWeek is 6, more than "
                "maxDaysPerWeek, which is 5"},
        Refusal{"WarningAfterTheHold",
                "knobs:\n"
                "  evaluationDays: {value: 7, source: S}\n"
                "  evaluationWarnDays: {value: 8, source: S}\n",
                "p.yaml:5:23: knob evaluationWarnDays is 8, more than "
                "evaluationDays, which is 7"},
        Refusal{"FactOfABookingInASession",
                "requirements:\n  A1: {about: session, text: x, source: S, "
                "require: booking.minutes > 3}\n",
                "p.yaml:4:53: 'booking.minutes' is a fact of a booking, and "
                "the row is about a session; did you mean 'about: booking'?"},
        Refusal{"FactOfASessionInTheReferral",
                "requirements:\n  A1: {text: x, source: S, "
                "require: session.minutes > 3}\n",
                "p.yaml:4:37: 'session.minutes' is a fact of a session, and "
                "the row is about a referral; did you mean 'about: session'?"},
        Refusal{"FactOfASessionInTheWarning",
                "requirements:\n  A1: {text: x, source: S, "
                "require: referral.isActive, "
                "warning: {require: week.isOver}}\n",
                "p.yaml:4:75: 'week.isOver' is a fact of a week"},
        Refusal{"ExampleThatIsNoJson",
                "requirements:\n  A1: {text: x, source: S, "
                "bad: {Procedure: '{\"status\": done}'}}\n",
                "p.yaml:4:45: the example is no JSON: "},
        Refusal{"ExampleOfNothing",
                "requirements:\n  A1: {text: x, source: S, "
                "good: {weak: '5'}}\n",
                "p.yaml:4:41: an example names a resource, as Procedure, or a "
                "change; did you mean 'week'?"},
        Refusal{"TruthInQuotes",
                "knobs: {authRequired: {value: \"true\", source: S}}\n",
                "p.yaml:3:31: knob authRequired: true or false, not a quoted "
                "word, is wanted"},
        Refusal{"HoldWithoutATask",
                "requirements:\n  A1: {about: session, severity: hold, text: "
                "x, source: S, require: session.minutes > 3}\n",
                "p.yaml:4:7: a requirement that holds has a task"},
        Refusal{"GateWithoutATask",
                "requirements:\n  A1: {about: session, severity: warn, gate: "
                "WARN, text: x, source: S, require: session.minutes > 3}\n",
                "p.yaml:4:7: a requirement that holds has a task"},
        Refusal{"RejectWithoutATask",
                "requirements:\n  A1: {about: session, severity: reject, "
                "text: x, source: S, require: session.minutes > 3}\n",
                "p.yaml:4:7: a requirement that holds has a task"},
        Refusal{"TwoRowsOfOneId",
                "requirements:\n  A1: {text: x}\n  A1: {text: y}\n",
                "p.yaml:5:3"}),
    [](const auto& row) { return row.param.name; });

TEST(PolicyPackTest, AListIsNoWord) {
  const auto message = [](const std::string& text) {
    const auto yaml = Yaml::parse("id: p\nversion: '1'\n" + text, "p.yaml");
    const auto pack = read_pack(*yaml);
    return pack.ok() ? std::string() : pack.error().message;
  };
  EXPECT_EQ(message("programs: work-conditioning\n"),
            "p.yaml:3:11: a list is wanted");
  EXPECT_EQ(message("requirements:\n  A1: {text: t, source: s, contradicts: "
                    "C14}\n"),
            "p.yaml:4:41: a list is wanted");
  EXPECT_EQ(
      message("requirements:\n  A1: {text: t, source: s, knobs: [tye]}\n"),
      "p.yaml:4:36: unknown knob tye");
  EXPECT_EQ(message("requirements:\n  A1: {about: session, text: t, source: s, "
                    "eachDate: true}\n"),
            "p.yaml:4:54: only a row about the referral is judged again");
}

}  // namespace
}  // namespace gateway::program
