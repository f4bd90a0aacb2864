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

TEST(ProgramsTest, AnErrorStandsWhereTheConfigurationNamesThePack) {
  const auto message = [](const std::string& text, Site made) {
    std::vector<PolicyPack> packs;
    packs.push_back(pack("clinic", text));
    const auto programs = Programs::make(std::move(packs), std::move(made));
    return programs.ok() ? std::string() : programs.error().message;
  };
  auto unknown = site();
  unknown.policies[Program::work_hardening] = {"nobody"};
  unknown.places["programs work-hardening nobody"] = "gateway.yaml:9:3";
  EXPECT_EQ(message("", unknown),
            "gateway.yaml:9:3: there is no policy pack nobody");
  auto other = site();
  other.places["programs work-conditioning clinic"] = "gateway.yaml:8:3";
  EXPECT_EQ(message("programs: [work-hardening]\n", other),
            "gateway.yaml:8:3: the policy pack clinic is not for "
            "work-conditioning");
  auto overriding = site();
  overriding.overrides["nobody"]["tie"] = "HOLD";
  overriding.places["overrides nobody"] = "gateway.yaml:12:3";
  EXPECT_EQ(message("", overriding),
            "gateway.yaml:12:3: overrides name nobody, which is no policy "
            "pack");
  EXPECT_EQ(
      message("knobs:\n  regionRules: {value: gone.tsv, source: S}\n", site()),
      "clinic:4:24: knob regionRules: there is no table gone.tsv beside "
      "the packs");
}

TEST(ProgramsTest, AKnobMaySayAnotherValueForWorkHardening) {
  Site made;
  made.policies = {{Program::work_conditioning, {"both"}},
                   {Program::work_hardening, {"both"}}};
  std::vector<PolicyPack> packs;
  packs.push_back(pack(
      "both",
      "knobs: {maxMinutesPerDay: {value: 240, work-hardening: 480, source: "
      "S}}\nrequirements:\n  L1: {about: session, severity: hold, task: "
      "review-session, require: "
      "session.minutes <= %maxMinutesPerDay, text: long, source: S}\n  L2: "
      "{about: session, programs: [work-hardening], text: team, source: S}\n"));
  const auto programs = Programs::make(std::move(packs), std::move(made));
  ASSERT_TRUE(programs.ok()) << programs.error().message;
  EXPECT_EQ(programs->packs().size(), 1U);
  Facts facts;
  facts.set_count(Fact::session_minutes, 360);
  const auto rows = [&](Program program) {
    return programs->policy(nullptr, program, *LocalDate::from(2026, 4, 6))
        .rows_of(Subject::session);
  };
  ASSERT_EQ(rows(Program::work_conditioning).size(), 1U);
  ASSERT_EQ(rows(Program::work_hardening).size(), 2U);
  EXPECT_EQ(
      rows(Program::work_conditioning)[0].requirement->require->test(facts),
      false);
  EXPECT_EQ(rows(Program::work_hardening)[0].requirement->require->test(facts),
            true);
}

TEST(ProgramsTest, AnAuthorizationIsNeededWhereOnePackAsksForIt) {
  const auto required = [](const char* clinic, const char* payer) {
    Site made;
    made.policies = {{Program::work_conditioning, {"clinic", "payer"}}};
    const auto knobs = [](const std::string& value) {
      return "knobs: {authRequired: {value: " + value + ", source: S}}\n";
    };
    std::vector<PolicyPack> packs;
    packs.push_back(pack("clinic", knobs(clinic)));
    packs.push_back(pack("payer", knobs(payer)));
    const auto programs = Programs::make(std::move(packs), std::move(made));
    return programs
        ->policy(nullptr, Program::work_conditioning,
                 *LocalDate::from(2026, 4, 6))
        .rules.auth_required;
  };
  EXPECT_TRUE(required("true", "false"));
  EXPECT_TRUE(required("false", "true"));
  EXPECT_FALSE(required("false", "false"));
}

}  // namespace
}  // namespace gateway::program
