#include "billing/denials.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "folders.h"
#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

TEST(DenialsTest, EachCodeOnceAndEachPrevented) {
  std::set<std::string_view> codes;
  for (const auto& denial : denials()) {
    EXPECT_TRUE(codes.insert(denial.code).second) << denial.code;
    EXPECT_FALSE(denial.rules.empty()) << denial.code;
  }
}

// A rule that prevents a denial is a row of a pack, or a finding of our own.
TEST(DenialsTest, EachRuleExists) {
  std::set<std::string> known;
  const auto programs = shipped_programs(demo_site());
  for (const auto& pack : programs.packs()) {
    for (const auto& row : pack->requirements) known.insert(row.id);
  }
  for (const auto& file : std::filesystem::recursive_directory_iterator(
           std::string(GATEWAY_SOURCE_DIR) + "/gateway")) {
    const auto kind = file.path().extension();
    if ((kind != ".cc" && kind != ".h") ||
        file.path().filename() == "denials.cc") {
      continue;
    }
    std::ifstream in(file.path());
    const std::string text(std::istreambuf_iterator<char>(in), {});
    for (std::size_t at = text.find('"'); at != std::string::npos;) {
      const auto end = text.find('"', at + 1);
      if (end == std::string::npos) break;
      known.insert(text.substr(at + 1, end - at - 1));
      at = end;  // what stands between two texts is no rule's id
    }
  }
  for (const auto& denial : denials()) {
    for (const auto rule : denial.rules) {
      EXPECT_TRUE(known.contains(std::string(rule)))
          << denial.code << " names " << rule;
    }
  }
}

Judgement judged(std::string_view rule, Verdict verdict) {
  Judgement one;
  one.rule = rule;
  one.verdict = verdict;
  return one;
}

const Cleared* find(const std::vector<Cleared>& all, std::string_view code) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) {
    return one.denial->code == code;
  });
  return found == all.end() ? nullptr : &*found;
}

TEST(DenialsTest, AFindingLeavesItsCodeOpen) {
  Visit visit;
  ReferralView owner;
  const auto all = cleared(visit, owner).size();
  visit.judgements.push_back(
      judged("clinic-work-conditioning/A6", Verdict::unmet));
  EXPECT_EQ(cleared(visit, owner).size(), all - 1);
}

// A row that no pack of the policy has was never asked.
TEST(DenialsTest, OnlyWhatWasAskedIsChecked) {
  Visit visit;
  ReferralView owner;
  EXPECT_EQ(find(cleared(visit, owner), "167"), nullptr);
  owner.judgements.push_back(
      judged("optum-481-work-hardening/O30", Verdict::unknown));
  EXPECT_EQ(find(cleared(visit, owner), "167"), nullptr);
  owner.judgements.back().verdict = Verdict::met;
  const auto all = cleared(visit, owner);
  ASSERT_NE(find(all, "167"), nullptr);
  // Beside it stand only the rules of our own.
  EXPECT_EQ(find(all, "146")->rules,
            (std::vector<std::string_view>{"O30", "billing/no-diagnosis",
                                           "condition/code",
                                           "condition/external-cause"}));
  // Nor is a deadline that nobody set, or a period that nobody sent.
  EXPECT_EQ(find(all, "29"), nullptr);
  EXPECT_EQ(find(all, "26"), nullptr);
  EXPECT_EQ(find(all, "27"), nullptr);
  EXPECT_EQ(find(all, "197")->rules,
            std::vector<std::string_view>{"ledger/no-authorization"});
}

// What the referral warns of is not cleared by its sessions.
TEST(DenialsTest, AFindingOfTheReferralLeavesItsCodeOpen) {
  Visit visit;
  ReferralView owner;
  EXPECT_EQ(find(cleared(visit, owner), "287"), nullptr);
  visit.judgements.push_back(judged("clinic/A25", Verdict::met));
  EXPECT_NE(find(cleared(visit, owner), "287"), nullptr);
  owner.judgements.push_back(judged("codes/ORDERED", Verdict::unmet));
  EXPECT_EQ(find(cleared(visit, owner), "287"), nullptr);
}

}  // namespace
}  // namespace gateway::billing
