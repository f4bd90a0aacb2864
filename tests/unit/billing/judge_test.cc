#include "billing/judge.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

using program::Fact;
using program::Facts;

std::shared_ptr<const program::PolicyPack> pack(const std::string& text) {
  const auto yaml = Yaml::parse(text, "p.yaml");
  return std::make_shared<const program::PolicyPack>(
      *program::read_pack(*yaml, {}));
}

constexpr const char* kClinic =
    "id: clinic\nversion: '1'\nstale: 2026-01-01\n"
    "knobs: {maxMinutesPerDay: {value: 300, source: S0}}\n"
    "requirements:\n"
    "  A24: {about: session, severity: hold, task: review-session, require: "
    "session.minutes <= %maxMinutesPerDay, seen: session.minutes, text: long, "
    "source: S0 A24}\n"
    "  A27: {about: session, severity: hold, gate: WARN, task: review-session, "
    "require: episode.hasDedication, text: page, source: S0 A27}\n"
    "  O1: {about: session, severity: warn, require: policy.isStale.not(), "
    "text: stale, source: S2 O1}\n"
    "  A4: {about: referral, severity: hold, missing: unmet, task: "
    "correct-referral, require: referral.sessionsPerWeek.low >= 3, text: f, "
    "source: S0 A4}\n";

TEST(JudgeTest, ThreeAnswersStayThree) {
  const auto policy =
      program::compose({pack(kClinic)}, Program::work_conditioning);
  Facts facts;
  facts.set_count(Fact::session_minutes, 301);
  const auto judged = judge(policy, facts,
                            {program::Subject::session, "Procedure/1",
                             LocalDate::from(2025, 12, 31)});
  ASSERT_EQ(judged.size(), 3U);
  EXPECT_EQ(judged[0].verdict, Verdict::unmet);
  EXPECT_TRUE(judged[0].holds());
  EXPECT_EQ(judged[0].finding().seen, "301");
  EXPECT_EQ(judged[1].verdict, Verdict::unknown);
  EXPECT_EQ(judged[2].verdict, Verdict::met);
}

// No answer is neither "met" nor "does not apply": the rule holds, and says
// what is wrong with the pack.
TEST(JudgeTest, AConditionThatCannotBeEvaluatedHolds) {
  const auto policy = program::compose(
      {pack("id: clinic\nversion: '1'\nrequirements:\n"
            "  A24: {about: session, severity: hold, task: review-session, "
            "require: \"%Procedure.note.text.startsWith('x')\", text: long, "
            "source: S0 A24}\n"
            "  A25: {about: session, severity: hold, task: review-session, "
            "when: \"%Procedure.note.text.upper() = 'X'\", "
            "require: 'true', text: other, source: S0 A25}\n")},
      Program::work_conditioning);
  const auto document = JsonDocument::parse(
      R"({"resourceType":"Procedure","note":[{"text":"x"},{"text":"y"}]})");
  Facts facts;
  facts.add_resource({nullptr, document->root()});
  const auto judged =
      judge(policy, facts, {program::Subject::session, "Procedure/1", {}});
  ASSERT_EQ(judged.size(), 2U);
  for (const auto& one : judged) {
    EXPECT_EQ(one.verdict, Verdict::unmet) << one.rule;
    EXPECT_TRUE(one.holds()) << one.rule;
    const auto finding = one.finding();
    EXPECT_EQ(finding.rule, one.rule);
    EXPECT_EQ(finding.actor, fhir::Actor::operator_);
    EXPECT_NE(finding.text.find("the pack clinic could not be evaluated: "),
              std::string::npos)
        << finding.text;
  }
}

TEST(JudgeTest, EvidenceThatOnlyWarnsHasNoTask) {
  const auto policy =
      program::compose({pack(kClinic)}, Program::work_conditioning);
  Facts facts;
  facts.set(Fact::episode_dedication, false);
  const auto judged =
      judge(policy, facts, {program::Subject::session, "Procedure/1", {}});
  EXPECT_EQ(judged[1].verdict, Verdict::unmet);
  EXPECT_FALSE(judged[1].holds());
}

TEST(JudgeTest, AMissingDatumIsUnmetWhereTheRowSaysSo) {
  const auto policy =
      program::compose({pack(kClinic)}, Program::work_conditioning);
  Facts facts;
  const auto judged = judge(
      policy, facts, {program::Subject::referral, "ServiceRequest/1", {}});
  ASSERT_EQ(judged.size(), 1U);
  EXPECT_EQ(judged[0].verdict, Verdict::unmet);
}

TEST(JudgeTest, APackPastItsReviewSaysSo) {
  const auto policy =
      program::compose({pack(kClinic)}, Program::work_conditioning);
  Facts facts;
  const auto judged = judge(
      policy, facts,
      {program::Subject::session, "Procedure/1", LocalDate::from(2026, 1, 1)});
  EXPECT_EQ(judged[2].verdict, Verdict::unmet);
}

TEST(JudgeTest, WhereSourcesContradictBothAreNamed) {
  const auto payer = pack(
      "id: payer\nversion: '1'\nknobs: {maxMinutesPerDay: {value: 480, source: "
      "S2}}\n");
  const auto policy =
      program::compose({pack(kClinic), payer}, Program::work_conditioning);
  Facts facts;
  facts.set_count(Fact::session_minutes, 301);
  const auto judged =
      judge(policy, facts, {program::Subject::session, "Procedure/1", {}});
  EXPECT_EQ(judged[0].finding().source,
            "S0 A24; otherwise payer maxMinutesPerDay (S2)");
}

}  // namespace
}  // namespace gateway::billing
