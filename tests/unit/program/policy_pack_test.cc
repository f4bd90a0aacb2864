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
      "knobs:\n  minSessionMinutes: 120\n"
      "requirements:\n"
      "  A27: {about: session, severity: hold, gate: WARN, require: "
      "episode.hasDedication, text: x}\n"
      "  A28: {about: session, severity: hold, gate: WARN, require: "
      "episode.hasJobAnalysis, text: x}\n";
  const auto one =
      pack(text, {{"minSessionMinutes", "90"}, {"gate.A27", "HOLD"}});
  ASSERT_TRUE(one.ok()) << one.error().message;
  EXPECT_EQ(one->knobs.at("minSessionMinutes").text, "90");
  EXPECT_EQ(one->requirements[0].effective_weight(), Weight::hold);
  EXPECT_EQ(one->requirements[1].effective_weight(), Weight::warn);
  const auto all = pack(text, {{"gate", "HOLD"}});
  EXPECT_EQ(all->requirements[1].effective_weight(), Weight::hold);
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
                "p.yaml:4:26: the expression is not a truth value"},
        Refusal{"KnobOutOfRange", "knobs:\n  maxDaysPerWeek: 9\n",
                "p.yaml:4:19: knob maxDaysPerWeek: a number from 0 to 7"},
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
        Refusal{"TwoRowsOfOneId",
                "requirements:\n  A1: {text: x}\n  A1: {text: y}\n",
                "p.yaml:5:3"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace gateway::program
