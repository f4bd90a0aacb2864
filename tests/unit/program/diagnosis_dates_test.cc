#include "program/diagnosis_dates.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "folders.h"

namespace gateway::program {
namespace {

DiagnosisDates shipped() {
  std::ifstream in(std::string(GATEWAY_SOURCE_DIR) +
                   "/config/policies/icd10-effective-dates.tsv");
  return *DiagnosisDates::parse(
      std::string(std::istreambuf_iterator<char>(in), {}));
}

TEST(DiagnosisDatesTest, TheCodeOfLowBackPainWasSplit) {
  const auto dates = shipped();
  const auto last = *LocalDate::from(2021, 9, 30);
  const auto first = *LocalDate::from(2021, 10, 1);
  EXPECT_TRUE(dates.valid("M54.5", last));
  EXPECT_FALSE(dates.valid("M54.5", first));
  EXPECT_FALSE(dates.valid("M545", first));
  for (const auto* code : {"M54.50", "M54.51", "M54.59"}) {
    EXPECT_FALSE(dates.valid(code, last)) << code;
    EXPECT_TRUE(dates.valid(code, first)) << code;
  }
}

TEST(DiagnosisDatesTest, OfWhatTheTableDoesNotNameNothingIsKnown) {
  const auto dates = shipped();
  const auto day = *LocalDate::from(2026, 4, 6);
  EXPECT_TRUE(dates.valid("S39.012D", day));
  EXPECT_EQ(dates.all_valid({"S39.012D", "M54.50"}, day), std::nullopt);
  EXPECT_EQ(dates.all_valid({"S39.012D", "M54.5"}, day), false);
  EXPECT_EQ(dates.all_valid({"M54.50", "M54.51"}, day), true);
}

TEST(DiagnosisDatesTest, ACodeMayComeBack) {
  const auto dates = DiagnosisDates::parse(
      "code\tfrom\tto\tsource\nA1\t\t2020-01-31\tx\nA1\t2022-01-01\t\tx\n");
  EXPECT_TRUE(dates->valid("A1", *LocalDate::from(2020, 1, 31)));
  EXPECT_FALSE(dates->valid("A1", *LocalDate::from(2021, 1, 31)));
  EXPECT_TRUE(dates->valid("A1", *LocalDate::from(2022, 1, 1)));
}

TEST(DiagnosisDatesTest, APeriodThatEndsFirstIsRefused) {
  const auto read = DiagnosisDates::parse(
      "code\tfrom\tto\tsource\nM54.5\t2021-09-30\t2020-10-01\tS\n");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message,
            "2:1: M54.5 ends before it begins; did you mean from 2020-10-01 to "
            "2021-09-30?");
}

TEST(DiagnosisDatesTest, ALineThatSaysNothingIsRefused) {
  for (const auto* line : {"M54.5\t\t\tx", "M54.5\t\tsoon\tx",
                           "M54.5\t\t2021-09-30\t", "M54.5", "\t\t\t"}) {
    const auto read =
        DiagnosisDates::parse(std::string("head\n") + line + "\n");
    ASSERT_FALSE(read.ok()) << line;
    EXPECT_EQ(read.error().message.substr(0, 4), "2:1:");
  }
}

}  // namespace
}  // namespace gateway::program
