#include "program/regions.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "folders.h"

namespace gateway::program {
namespace {

Regions shipped() {
  std::ifstream in(std::string(GATEWAY_SOURCE_DIR) +
                   "/config/policies/optum-481-body-regions.tsv");
  return *Regions::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

struct Row {
  const char* code;
  const char* verdict;
};

class RegionTest : public ::testing::TestWithParam<Row> {};

TEST_P(RegionTest, TrapsOfTheReference) {
  EXPECT_EQ(code(shipped().of(GetParam().code)), GetParam().verdict);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RegionTest,
    ::testing::Values(Row{"S39.012D", "ALLOW"}, Row{"S39.013D", "DENY"},
                      Row{"S82.61XD", "DENY"}, Row{"S52.121D", "DENY"},
                      Row{"S52.501D", "ALLOW"}, Row{"T23.301D", "DENY"},
                      Row{"M54.50", "ALLOW"}, Row{"G89.29", "DENY"},
                      Row{"M54.5", "ALLOW"}, Row{"S93.401D", "DENY"},
                      Row{"Z47.1", "REVIEW"}, Row{"X99", "REVIEW"}));

TEST(RegionsTest, ThePrincipalDiagnosisDecides) {
  const auto regions = shipped();
  EXPECT_EQ(regions.judge({"M54.50", "G89.29"}), RegionVerdict::allow);
  EXPECT_EQ(regions.judge({"G89.29", "M54.50"}), RegionVerdict::deny);
  EXPECT_EQ(regions.judge({}), RegionVerdict::review);
}

TEST(RegionsTest, APrefixHasOneVerdictAndAKnownReach) {
  const std::string head = "prefix\tverdict\tregion\tapplies\n";
  const auto twice = Regions::parse(head + "M54\tALLOW\tlow back\tany\n" +
                                    "M54\tDENY\thip\tany\n");
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().message,
            "3:1: M54 has a verdict in line 2; one line for each prefix is "
            "wanted");
  const auto word = Regions::parse(head + "M54\tALLOW\tlow back\tsometimes\n");
  ASSERT_FALSE(word.ok());
  EXPECT_EQ(word.error().message,
            "2:1: 'sometimes' is not one of the words; did you mean 'any' or "
            "'principal'?");
}

TEST(RegionsTest, ALineThatSaysNothingIsRefused) {
  const auto read = Regions::parse("head\nM54\tMAYBE\tx\tany\t\n");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message.substr(0, 4), "2:1:");
}

}  // namespace
}  // namespace gateway::program
