#include "program/programs.h"

#include <gtest/gtest.h>

namespace gateway::program {
namespace {

PolicyPack pack(const std::string& id, const std::string& text) {
  const auto yaml = Yaml::parse("id: " + id + "\nversion: '1'\n" + text, id);
  return *read_pack(*yaml, {});
}

Site site() {
  Site made;
  made.policies = {{Program::work_conditioning, {"clinic"}}};
  return made;
}

TEST(ProgramsTest, ThePayersUnitRuleBillsAndTheStricterGateHolds) {
  auto made = site();
  made.payers.push_back(
      {.matches = {"Lone Star"},
       .policies = {{Program::work_conditioning, {"clinic", "payer"}}},
       .fees = {},
       .program_of_97545 = {}});
  std::vector<PolicyPack> packs;
  packs.push_back(
      pack("clinic", "knobs: {minSessionMinutes: {value: 120, source: S}}\n"));
  packs.push_back(pack(
      "payer",
      "knobs: {minSessionMinutes: {value: 60, source: S}, unitRule: {value: "
      "QUARTER, source: S, verified: false}}\n"));
  packs.push_back(pack("codes",
                       "composedIntoAll: true\nknobs: {unitRule: {value: "
                       "MIDPOINT, source: S}}\n"));
  const auto programs = Programs::make(std::move(packs), std::move(made));
  ASSERT_TRUE(programs.ok()) << programs.error().message;
  const auto day = *LocalDate::from(2026, 4, 6);
  const auto* payer = programs->payer({"Organization/1", "LONE star", {}});
  ASSERT_NE(payer, nullptr);
  const auto& composed =
      programs->policy(payer, Program::work_conditioning, day);
  EXPECT_EQ(composed.packs.size(), 3U);
  EXPECT_EQ(composed.rules.unit_rule, UnitRule::quarter);
  EXPECT_EQ(composed.rules.min_session_minutes, 120);
  EXPECT_EQ(composed.rules.unverified,
            std::vector<std::string>{"payer/unitRule"});
  const auto& other =
      programs->policy(nullptr, Program::work_conditioning, day);
  EXPECT_EQ(other.rules.unit_rule, UnitRule::midpoint);
  EXPECT_TRUE(
      programs->policy(nullptr, Program::work_hardening, day).packs.empty());
}

TEST(ProgramsTest, ThePackInForceOnTheDayDecides) {
  std::vector<PolicyPack> packs;
  packs.push_back(pack(
      "clinic",
      "effective: {to: 2026-04-30}\nknobs: {tie: {value: DOWN, source: S}}\n"));
  packs.push_back(pack("clinic",
                       "effective: {from: 2026-05-01}\nknobs: {tie: {value: "
                       "HOLD, source: S}}\n"));
  const auto programs = Programs::make(std::move(packs), site());
  ASSERT_TRUE(programs.ok()) << programs.error().message;
  const auto tie = [&](int month, int day) {
    return programs
        ->policy(nullptr, Program::work_conditioning,
                 *LocalDate::from(2026, month, day))
        .rules.tie;
  };
  EXPECT_EQ(tie(4, 30), Tie::down);
  EXPECT_EQ(tie(5, 1), Tie::hold);
}

TEST(ProgramsTest, RefusesWhatContradictsItself) {
  const auto message = [](std::vector<PolicyPack> packs, Site made) {
    const auto programs = Programs::make(std::move(packs), std::move(made));
    return programs.ok() ? std::string() : programs.error().message;
  };
  std::vector<PolicyPack> twice;
  twice.push_back(pack("clinic", ""));
  twice.push_back(pack("clinic", "effective: {from: 2026-01-01}\n"));
  EXPECT_EQ(message(std::move(twice), site()),
            "clinic:1:1: packs clinic 1 (clinic:1:1) and 1 are in force on the "
            "same days");
  EXPECT_EQ(message({}, site()), "there is no policy pack clinic");
  auto overriding = site();
  overriding.overrides["nobody"]["tie"] = "HOLD";
  std::vector<PolicyPack> one;
  one.push_back(pack("clinic", ""));
  EXPECT_EQ(message(std::move(one), std::move(overriding)),
            "overrides name nobody, which is no policy pack");
}

TEST(ProgramsTest, FeesOfThePayerComeFirst) {
  auto made = site();
  made.fees["97545"] = *Decimal::parse("210.00");
  PayerRule rule;
  rule.fees["97545"] = *Decimal::parse("180.00");
  std::vector<PolicyPack> packs;
  packs.push_back(pack("clinic", ""));
  const auto programs = Programs::make(std::move(packs), std::move(made));
  EXPECT_EQ(programs->fee(&rule, "97545")->text(), "180.00");
  EXPECT_EQ(programs->fee(nullptr, "97545")->text(), "210.00");
  EXPECT_FALSE(programs->fee(&rule, "97546"));
}

}  // namespace
}  // namespace gateway::program
