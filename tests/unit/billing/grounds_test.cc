#include "billing/grounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/complete_case.h"

namespace gateway::billing {
namespace {

// Rows of which nothing at all was sent: what they ask for is an absence.
const std::set<std::string> kAbsences = {
    "clinic-work-conditioning/A26", "optum-481-work-hardening/O12",
    "optum-481-work-hardening/O29", "cpt-97545-97546/C4",
    "cpt-97545-97546/C6",           "cpt-97545-97546/C7",
};

class GroundsTest : public testing::TestWithParam<Program> {};

TEST_P(GroundsTest, WhatIsMetNamesWhatItRestsOn) {
  const auto programs = shipped_programs(demo_site());
  const CompleteCase complete(GetParam());
  const auto facts = complete.facts(programs.resource_types());
  const auto plan =
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
  const auto& view = plan.referrals.at(0);
  int met = 0;
  const auto check = [&](const Judgement& one, const Visit* visit) {
    if (one.verdict != Verdict::met ||
        kAbsences.contains(std::string(one.rule))) {
      return;
    }
    ++met;
    EXPECT_THAT(grounds(one, view, visit), testing::Not(testing::IsEmpty()))
        << one.rule;
  };
  for (const auto& one : view.judgements) check(one, nullptr);
  for (const auto& visit : plan.visits) {
    for (const auto& one : visit.judgements) check(one, &visit);
  }
  EXPECT_GT(met, 20);
}

INSTANTIATE_TEST_SUITE_P(Programs, GroundsTest,
                         testing::Values(Program::work_conditioning,
                                         Program::work_hardening),
                         [](const auto& program) {
                           return program.param == Program::work_hardening
                                      ? "hardening"
                                      : "conditioning";
                         });

TEST(GroundsOfDocumentsTest, NameTheDocumentAndNothingElse) {
  const auto programs = shipped_programs(demo_site());
  const CompleteCase complete(Program::work_conditioning);
  const auto facts = complete.facts(programs.resource_types());
  const auto plan =
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
  const auto& visit = *plan.visits.begin();
  for (const auto& one : visit.judgements) {
    if (one.rule != "clinic-work-conditioning/A19") continue;
    EXPECT_THAT(
        grounds(one, plan.referrals.at(0), &visit),
        testing::ElementsAre("DocumentReference/activity-sheet0/_history/1"));
    return;
  }
  FAIL() << "A19 was not judged";
}

}  // namespace
}  // namespace gateway::billing
