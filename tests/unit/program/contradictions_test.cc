#include "program/contradictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::program {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::shared_ptr<const PolicyPack> pack(const std::string& id,
                                       const std::string& text) {
  const auto yaml = Yaml::parse("id: " + id + "\nversion: '1'\n" + text, id);
  return std::make_shared<const PolicyPack>(*read_pack(*yaml));
}

std::string source_of(const Policy& policy, std::string_view rule) {
  for (const auto& row : policy.rows_of(Subject::session)) {
    if (row.requirement->rule == rule) return row.source;
  }
  return "no row";
}

TEST(ContradictionsTest, SettingsThatBillNameBothPacksAndSources) {
  const auto policy = compose(
      {pack("clinic",
            "knobs: {unitRule: {value: MIDPOINT, source: S0}, tie: {value: "
            "DOWN, source: S0}, modifiers: {value: {always: GP}, source: S0}}"),
       pack("payer",
            "knobs: {unitRule: {value: QUARTER, source: TX230}, tie: {value: "
            "DOWN, source: TX230}, modifiers: {value: {always: GO}, source: "
            "TX230}}")},
      Program::work_conditioning);
  EXPECT_EQ(policy.rules.unit_rule, UnitRule::quarter);
  EXPECT_THAT(
      policy.contradictions,
      ElementsAre("Packs of this policy contradict each other in unitRule: "
                  "clinic says MIDPOINT (S0), payer says QUARTER (TX230)",
                  "Packs of this policy contradict each other in modifiers: "
                  "clinic says always:GP (S0), payer says always:GO (TX230)"));
}

TEST(ContradictionsTest, WhatAgreesIsNoContradiction) {
  const auto policy = compose(
      {pack("clinic", "knobs: {maxMinutesPerDay: {value: 300, source: S0}}"),
       pack("payer", "knobs: {maxMinutesPerDay: {value: 300.0, source: T}}")},
      Program::work_conditioning);
  EXPECT_THAT(policy.contradictions, IsEmpty());
}

TEST(ContradictionsTest, ARowNamesTheKnobAndTheRowThatSayOtherwise) {
  const auto policy = compose(
      {pack("clinic",
            "knobs: {minSessionMinutes: {value: 120, source: S0}}\n"
            "requirements: {A10: {about: session, severity: hold, require: "
            "session.minutes >= %minSessionMinutes, contradicts: [T11], task: "
            "review-session, text: "
            "short, source: S0 A10}}"),
       pack("practice",
            "knobs: {minSessionMinutes: {value: 60, source: S3}}\n"
            "requirements: {T11: {about: session, text: individual, source: "
            "S3 T11}}")},
      Program::work_conditioning);
  EXPECT_EQ(source_of(policy, "clinic/A10"),
            "S0 A10; otherwise practice minSessionMinutes (S3); otherwise "
            "practice/T11 (S3 T11)");
  EXPECT_THAT(source_of(policy, "practice/T11"), HasSubstr("clinic/A10"));
}

}  // namespace
}  // namespace gateway::program
