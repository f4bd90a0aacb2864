#include "program/knobs.h"

#include <gtest/gtest.h>

namespace gateway::program {
namespace {

TEST(KnobsTest, KindsAndRanges) {
  EXPECT_EQ(parse_knob("minSessionMinutes", "120")->thousandths, 120'000);
  EXPECT_EQ(parse_knob("retroAuthAllowed", "true")->thousandths, 1);
  EXPECT_EQ(parse_knob("unitRule", "QUARTER")->text, "QUARTER");
  EXPECT_EQ(parse_knob("allowedExtraCodes", "97110,97112")->list.size(), 2U);
  EXPECT_EQ(parse_knob("mue", "97546:2")->table.at("97546"), "2");
}

struct Refusal {
  const char* knob;
  const char* value;
  const char* message;
};

class RefusedKnobTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedKnobTest, SaysWhatIsWanted) {
  const auto knob = parse_knob(GetParam().knob, GetParam().value);
  ASSERT_FALSE(knob.ok());
  EXPECT_EQ(knob.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedKnobTest,
    ::testing::Values(
        Refusal{"minutes", "1", "unknown knob minutes"},
        Refusal{"maxDaysPerWeek", "8",
                "knob maxDaysPerWeek: a number from 0 to 7 is wanted"},
        Refusal{"maxDaysPerWeek", "many",
                "knob maxDaysPerWeek: a number from 0 to 7 is wanted"},
        Refusal{"authRequired", "yes",
                "knob authRequired: true or false is wanted"},
        Refusal{"tie", "UP", "knob tie: one of DOWN HOLD is wanted"},
        Refusal{"rates", "work-hardning:64.00",
                "knob rates: a key of work-conditioning work-hardening instead "
                "of work-hardning is wanted"},
        Refusal{"professions", "physio:2251",
                "knob professions: a key of physical-therapy "
                "occupational-therapy instead of physio is wanted"}));

TEST(KnobsTest, EachSaysWhatItDoes) {
  for (const auto& knob : knob_table()) {
    EXPECT_FALSE(knob.effect.empty()) << knob.name;
    EXPECT_EQ(knob_named(knob.name), &knob);
    EXPECT_LE(knob.least, knob.most);
  }
}

TEST(KnobsTest, FromAPack) {
  const auto yaml = Yaml::parse(
      "tie: {value: HOLD, source: TN, verified: false}\nmueAction: WARN\n",
      "p.yaml");
  ASSERT_TRUE(yaml.ok());
  const auto tie = read_knob("tie", yaml->get("tie"));
  EXPECT_EQ(tie->text, "HOLD");
  EXPECT_EQ(tie->source, "TN");
  EXPECT_FALSE(tie->verified);
  EXPECT_TRUE(read_knob("mueAction", yaml->get("mueAction"))->verified);
}

// A source may verify some entries of a table and not the others.
TEST(KnobsTest, ATableSaysWhichOfItsKeysAreNotVerified) {
  const auto yaml = Yaml::parse(
      "modifiers: {value: {physical-therapy: GP, occupational-therapy: GO},\n"
      "            unverified: [occupational-therapy]}\n"
      "wrong: {value: {physical-therapy: GP}, unverified: [accredited]}\n",
      "p.yaml");
  ASSERT_TRUE(yaml.ok());
  const auto modifiers = read_knob("modifiers", yaml->get("modifiers"));
  ASSERT_TRUE(modifiers.ok());
  EXPECT_TRUE(modifiers->verified);
  EXPECT_TRUE(modifiers->unverified.contains("occupational-therapy"));
  EXPECT_EQ(modifiers->unverified.size(), 1U);
  const auto wrong = read_knob("modifiers", yaml->get("wrong"));
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().message,
            "p.yaml:3:16: knob modifiers: as unverified a key of the table, "
            "not accredited, is wanted");
}

}  // namespace
}  // namespace gateway::program
