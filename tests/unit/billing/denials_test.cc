#include "billing/denials.h"

#include <gtest/gtest.h>

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

TEST(DenialsTest, AFindingLeavesItsCodeOpen) {
  Visit visit;
  const auto all = cleared(visit).size();
  Judgement judged;
  judged.rule = "clinic-work-conditioning/A6";
  visit.judgements.push_back(judged);
  EXPECT_EQ(cleared(visit).size(), all - 1);
}

}  // namespace
}  // namespace gateway::billing
