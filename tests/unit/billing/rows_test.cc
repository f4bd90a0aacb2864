// Every row of every pack: its bad example fails exactly its own rule among
// those of its weight, and rows without a predicate never hold anything.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "program/guide.h"
#include "unit/billing/complete_case.h"

namespace gateway::billing {
namespace {

using program::Kind;
using program::Requirement;
using program::Weight;

struct PackRow {
  std::string pack;
  std::string row;
};

void PrintTo(const PackRow& row, std::ostream* out) {
  *out << row.pack << "/" << row.row;
}

program::Programs site_of(const std::string& pack) {
  auto site = demo_site();
  site.accept_unverified = true;
  const bool hardening = pack == "optum-481-work-hardening";
  if (!hardening && pack != "clinic-work-conditioning") {
    site.policies[Program::work_conditioning] = {"clinic-work-conditioning",
                                                 pack};
  }
  return shipped_programs(std::move(site));
}

Program program_of(const std::string& pack) {
  return pack == "optum-481-work-hardening" ? Program::work_hardening
                                            : Program::work_conditioning;
}

std::vector<PackRow> all_rows() {
  const auto programs = shipped_programs(demo_site());
  std::vector<PackRow> rows;
  for (const auto& row : program::matrix(programs)) {
    rows.push_back({row.pack, row.row});
  }
  return rows;
}

const Requirement& find(const program::Programs& programs, const PackRow& of) {
  for (const auto& pack : programs.packs()) {
    for (const auto& row : pack->requirements) {
      if (pack->id == of.pack && row.id == of.row && !row.variant) return row;
    }
  }
  std::abort();
}

// Unmet rules of packs of one weight.
std::set<std::string> unmet(const CompleteCase& complete,
                            const program::Programs& programs, Weight weight) {
  const auto facts = complete.facts();
  const auto plan =
      decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
  std::set<std::string> rules;
  for (const auto* one : plan.unmet()) {
    const bool holds = weight != Weight::warn;
    const auto own_weight = one->weight == Weight::warn ? Weight::warn : weight;
    if (one->weight == weight ||
        (holds && own_weight == weight && one->weight == Weight::hold)) {
      rules.emplace(one->rule);
    }
  }
  for (const auto* ours : {"ledger/fewer-than-ordered",
                           "coverage/no-injury-date", "billing/no-license"}) {
    rules.erase(ours);
  }
  return rules;
}

class RowTest : public ::testing::TestWithParam<PackRow> {};

TEST_P(RowTest, FailsItsOwnRule) {
  const auto programs = site_of(GetParam().pack);
  const auto& row = find(programs, GetParam());
  if (!row.require) {
    EXPECT_NE(row.kind, Kind::checked);
    EXPECT_EQ(row.effective_weight(), Weight::info);
    return;
  }
  EXPECT_EQ(row.kind, Kind::checked);
  if (row.bad.empty()) return;
  const auto weight = row.effective_weight();
  CompleteCase complete(program_of(GetParam().pack));
  const auto before = unmet(complete, programs, weight);
  EXPECT_FALSE(before.contains(row.rule)) << "the complete case fails it";
  for (const auto& [name, value] : row.bad) complete.apply(name, value);
  auto after = unmet(complete, programs, weight);
  for (const auto& rule : before) after.erase(rule);
  EXPECT_THAT(after, ::testing::ElementsAre(row.rule));
}

INSTANTIATE_TEST_SUITE_P(Rows, RowTest, ::testing::ValuesIn(all_rows()),
                         [](const auto& row) {
                           auto name = row.param.pack + "_" + row.param.row;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// --- evidence, with the gate at HOLD

class GateTest : public ::testing::TestWithParam<PackRow> {};

std::vector<PackRow> evidence_rows() {
  const auto programs = shipped_programs(demo_site());
  std::vector<PackRow> rows;
  for (const auto& one : all_rows()) {
    if (find(programs, one).gate) rows.push_back(one);
  }
  return rows;
}

TEST_P(GateTest, HoldsUntilTheEvidenceArrives) {
  auto site = demo_site();
  site.overrides[GetParam().pack]["gate." + GetParam().row] = "HOLD";
  const auto programs = shipped_programs(std::move(site));
  const auto& row = find(programs, GetParam());
  const auto now = *parse_instant("2026-04-28T12:00:00Z");
  CompleteCase complete(program_of(GetParam().pack));
  for (const auto& [name, value] : row.bad) complete.apply(name, value);
  const auto facts = complete.facts();
  const auto held = decide(facts, programs, now);
  EXPECT_TRUE(std::any_of(held.claims.begin(), held.claims.end(),
                          [](const auto& claim) { return claim.held; }));
  const CompleteCase documented(program_of(GetParam().pack));
  const auto whole = documented.facts();
  for (const auto& claim : decide(whole, programs, now).claims) {
    EXPECT_FALSE(claim.held);
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, GateTest, ::testing::ValuesIn(evidence_rows()),
                         [](const auto& row) {
                           auto name = row.param.pack + "_" + row.param.row;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(MatrixTest, NoRowOfTheSourcesIsMissing) {
  const auto programs = shipped_programs(demo_site());
  EXPECT_THAT(program::missing_rows(programs), ::testing::IsEmpty());
  EXPECT_GE(program::matrix(programs).size(), 104U);
  EXPECT_EQ(evidence_rows().size(), 20U);
}

}  // namespace
}  // namespace gateway::billing
