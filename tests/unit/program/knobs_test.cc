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
        Refusal{"minutes", "1",
                "unknown knob minutes; did you mean 'minWeeks'?"},
        Refusal{"maxDaysPerWeek", "8",
                "knob maxDaysPerWeek: a whole number from 0 to 7 is wanted"},
        Refusal{"maxDaysPerWeek", "many",
                "knob maxDaysPerWeek: a whole number from 0 to 7 is wanted"},
        Refusal{"authRequired", "yes",
                "knob authRequired: true or false is wanted"},
        Refusal{"tie", "UP", "knob tie: one of DOWN HOLD is wanted"},
        Refusal{"rates", "work-hardning:64.00",
                "knob rates: a key of work-conditioning work-hardening instead "
                "of work-hardning is wanted; did you mean 'work-hardening'?"},
        Refusal{"mue", "97546:two",
                "knob mue: a whole number of units is wanted, not 'two'"},
        Refusal{"mue", "97546:1e1",
                "knob mue: a whole number of units is wanted, not '1e1'"},
        Refusal{"rates", "work-hardening:1e2",
                "knob rates: a price in dollars and cents, as 36.00 is "
                "wanted, not '1e2'"},
        Refusal{"maxWeeks", "1e1",
                "knob maxWeeks: a whole number from 0 to 520 is wanted"},
        Refusal{"mue", "97546", "knob mue: KEY:VALUE is wanted, not '97546'"},
        Refusal{"allowedExtraCodes", "97110,9711",
                "knob allowedExtraCodes: a code of five characters, as 97110 "
                "is wanted, not '9711'"},
        Refusal{"assistantModifier", "CQQ",
                "knob assistantModifier: a modifier of two characters, as CQ "
                "is wanted, not 'CQQ'"},
        Refusal{"minWeek", "2",
                "unknown knob minWeek; did you mean 'minWeeks'?"},
        Refusal{"unitRule", "QUATER",
                "knob unitRule: one of MIDPOINT COMPLETED STARTED QUARTER "
                "NEAREST is wanted; did you mean 'QUARTER'?"},
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

struct RefusedYaml {
  const char* knob;
  const char* yaml;
  const char* message;
};

class RefusedYamlKnobTest : public ::testing::TestWithParam<RefusedYaml> {};

TEST_P(RefusedYamlKnobTest, SaysWhereAndWhatIsWanted) {
  const std::string name = GetParam().knob;
  const auto yaml = Yaml::parse(name + ": " + GetParam().yaml, "p.yaml");
  ASSERT_TRUE(yaml.ok()) << yaml.error().message;
  const auto knob = read_knob(name, yaml->get(name));
  ASSERT_FALSE(knob.ok());
  EXPECT_EQ(knob.error().message, GetParam().message);
}

// What is not understood never counts as verified, and never as nothing.
INSTANTIATE_TEST_SUITE_P(
    Rows, RefusedYamlKnobTest,
    ::testing::Values(
        RefusedYaml{"tie", "{value: HOLD, source: T, verified: no}",
                    "p.yaml:1:41: verified: true or false is wanted"},
        RefusedYaml{"tie", "{value: HOLD, source: T, verified: False}",
                    "p.yaml:1:41: verified: true or false is wanted"},
        RefusedYaml{"tie", "{value: HOLD, source: T, verified: off}",
                    "p.yaml:1:41: verified: true or false is wanted"},
        RefusedYaml{"tie", "{value: HOLD, source: T, verified: maybe}",
                    "p.yaml:1:41: verified: true or false is wanted"},
        RefusedYaml{"tie", "{value: HOLD, source: T, verified: 'false'}",
                    "p.yaml:1:41: verified: true or false is wanted"},
        RefusedYaml{"tie", "{value: HOLD, source: T, verified: }",
                    "p.yaml:1:41: verified: true or false is wanted"},
        RefusedYaml{"tie", "{value: HOLD, source: T, verfied: false}",
                    "p.yaml:1:31: unknown member 'verfied'; did you mean "
                    "'verified'?"},
        RefusedYaml{"mue", "{value: {'97546': '2'}, unverified: '97546'}",
                    "p.yaml:1:42: unverified: a list of keys is wanted"},
        RefusedYaml{"mue", "{'97546': two}",
                    "p.yaml:1:16: knob mue: a whole number of units is wanted, "
                    "not 'two'"},
        RefusedYaml{"mue", "{9754: 2}",
                    "p.yaml:1:7: knob mue: a code of five characters, as "
                    "97546, is wanted, not '9754'"},
        RefusedYaml{"rates", "{work-hardening: '36,00'}",
                    "p.yaml:1:25: knob rates: a price in dollars and cents, as "
                    "36.00 is wanted, not '36,00'"},
        RefusedYaml{"rates", "{work-hardening: '0.00'}",
                    "p.yaml:1:25: knob rates: a price in dollars and cents, as "
                    "36.00 is wanted, not '0.00'"},
        RefusedYaml{"modifiers", "{acredited: CA}",
                    "p.yaml:1:13: knob modifiers: a key of work-conditioning "
                    "work-hardening accredited always physical-therapy "
                    "occupational-therapy instead of acredited is wanted; did "
                    "you mean 'accredited'?"},
        RefusedYaml{"modifiers", "{accredited: CAAA}",
                    "p.yaml:1:25: knob modifiers: a modifier of two "
                    "characters, as GP is wanted, not 'CAAA'"},
        RefusedYaml{"modifiers", "{always: [GP, GO]}",
                    "p.yaml:1:21: knob modifiers: one value for each key is "
                    "wanted"},
        RefusedYaml{"facilityTimeZone", "America/Chikago",
                    "p.yaml:1:19: knob facilityTimeZone: an IANA zone, as "
                    "America/Chicago is wanted, not 'America/Chikago'"},
        RefusedYaml{"allowedExtraCodes", "['97110', 9711]",
                    "p.yaml:1:30: knob allowedExtraCodes: a code of five "
                    "characters, as 97110 is wanted, not '9711'"},
        RefusedYaml{"professions", "{physical-therapy: 225x}",
                    "p.yaml:1:33: knob professions: how taxonomy codes begin, "
                    "as 2251 2252 is wanted, not '225x'"}));

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
