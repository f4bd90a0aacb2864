// Minutes to units, against a checker that was written from the reference's
// words and counts minute by minute instead of dividing.

#include "billing/units.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

using program::BillingRules;
using program::Tie;
using program::UnderMinimum;
using program::UnitRule;

// --- the independent checker

// Thousandths of a further unit after `minutes`, found by walking along them.
std::int64_t walked_further(std::int64_t minutes, UnitRule rule) {
  std::int64_t units = 0;
  std::int64_t in_hour = 0;
  std::int64_t in_quarter = 0;
  for (std::int64_t minute = 121; minute <= minutes; ++minute) {
    ++in_hour;
    ++in_quarter;
    if (rule == UnitRule::started && in_hour == 1) units += 1000;
    if (rule == UnitRule::completed && in_hour == 60) units += 1000;
    const bool past_middle = in_hour == 31;
    if ((rule == UnitRule::midpoint || rule == UnitRule::nearest) &&
        past_middle) {
      units += 1000;
    }
    if (rule == UnitRule::quarter && in_quarter == 8) units += 250;
    if (in_hour == 60) in_hour = 0;
    if (in_quarter == 15) in_quarter = 0;
  }
  return units;
}

Units checked(std::int64_t minutes, const BillingRules& rules) {
  Units units;
  auto rule = rules.unit_rule;
  const bool gated = minutes < rules.min_session_minutes;
  units.under_minimum = gated;
  if (gated && rules.under_minimum == UnderMinimum::hold) return units;
  if (gated && rules.under_minimum == UnderMinimum::reject) return units;
  if (gated) rule = UnitRule::midpoint;
  if (rule == UnitRule::quarter && minutes < 120) {
    units.under_minimum = true;
    return units;
  }
  const bool exact_half = minutes == 60 || minutes == 150 || minutes == 210 ||
                          minutes == 270 || minutes == 330 || minutes == 390 ||
                          minutes == 450 || minutes == 510 || minutes == 570;
  if (rule == UnitRule::nearest && exact_half) {
    units.tie = true;
    if (rules.tie == Tie::hold) return units;
  }
  bool first = false;
  if (rule == UnitRule::midpoint || rule == UnitRule::nearest) {
    first = minutes >= 61;
  }
  if (rule == UnitRule::completed || rule == UnitRule::quarter) {
    first = minutes >= 120;
  }
  if (rule == UnitRule::started) first = minutes >= 1;
  if (!first) return units;
  units.first = 1;
  units.further = walked_further(minutes, rule);
  units.reduced = gated && rules.under_minimum == UnderMinimum::mod52;
  return units;
}

TEST(UnitsTest, EveryMinuteAgreesWithTheChecker) {
  int compared = 0;
  for (const auto rule :
       {UnitRule::midpoint, UnitRule::completed, UnitRule::started,
        UnitRule::quarter, UnitRule::nearest}) {
    for (const auto under : {UnderMinimum::hold, UnderMinimum::reject,
                             UnderMinimum::midpoint, UnderMinimum::mod52}) {
      for (const auto tie : {Tie::down, Tie::hold}) {
        for (const std::int64_t least : {0, 60, 61, 120, 180}) {
          BillingRules rules;
          rules.unit_rule = rule;
          rules.under_minimum = under;
          rules.tie = tie;
          rules.min_session_minutes = least;
          for (std::int64_t minutes = 0; minutes <= 600; ++minutes) {
            ASSERT_EQ(units_of(minutes, rules), checked(minutes, rules))
                << minutes << " minutes, least " << least;
            ++compared;
          }
        }
      }
    }
  }
  EXPECT_EQ(compared, 5 * 4 * 2 * 5 * 601);
}

// --- the worked table of the reference, all columns

struct Row {
  std::int64_t minutes;
  const char* midpoint;
  const char* completed;
  const char* gated;
  const char* literal;
  const char* quarters;
};

std::string text(const Units& units) {
  if (units.under_minimum && units.first == 0) return "HOLD";
  if (units.first == 0) return "0";
  const auto whole = units.further / 1000;
  const auto part = units.further % 1000;
  auto further = std::to_string(whole);
  if (part == 500) further += ".5";
  if (part == 250) further += ".25";
  if (part == 750) further += ".75";
  return "1+" + further;
}

class WorkedTableTest : public ::testing::TestWithParam<Row> {};

TEST_P(WorkedTableTest, AllColumns) {
  const auto& row = GetParam();
  const auto units = [&](UnitRule rule, std::int64_t least) {
    BillingRules rules;
    rules.unit_rule = rule;
    rules.min_session_minutes = least;
    return text(units_of(row.minutes, rules));
  };
  EXPECT_EQ(units(UnitRule::midpoint, 0), row.midpoint);
  EXPECT_EQ(units(UnitRule::completed, 0), row.completed);
  EXPECT_EQ(units(UnitRule::midpoint, 120), row.gated);
  EXPECT_EQ(units(UnitRule::started, 120), row.literal);
  EXPECT_EQ(units(UnitRule::quarter, 0), row.quarters);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WorkedTableTest,
    ::testing::Values(Row{60, "0", "0", "HOLD", "HOLD", "HOLD"},
                      Row{61, "1+0", "0", "HOLD", "HOLD", "HOLD"},
                      Row{90, "1+0", "0", "HOLD", "HOLD", "HOLD"},
                      Row{91, "1+0", "0", "HOLD", "HOLD", "HOLD"},
                      Row{119, "1+0", "0", "HOLD", "HOLD", "HOLD"},
                      Row{120, "1+0", "1+0", "1+0", "1+0", "1+0"},
                      Row{127, "1+0", "1+0", "1+0", "1+1", "1+0"},
                      Row{128, "1+0", "1+0", "1+0", "1+1", "1+0.25"},
                      Row{142, "1+0", "1+0", "1+0", "1+1", "1+0.25"},
                      Row{143, "1+0", "1+0", "1+0", "1+1", "1+0.5"},
                      Row{149, "1+0", "1+0", "1+0", "1+1", "1+0.5"},
                      Row{150, "1+0", "1+0", "1+0", "1+1", "1+0.5"},
                      Row{151, "1+1", "1+0", "1+1", "1+1", "1+0.5"},
                      Row{165, "1+1", "1+0", "1+1", "1+1", "1+0.75"},
                      Row{180, "1+1", "1+1", "1+1", "1+1", "1+1"},
                      Row{210, "1+1", "1+1", "1+1", "1+2", "1+1.5"},
                      Row{211, "1+2", "1+1", "1+2", "1+2", "1+1.5"},
                      Row{240, "1+2", "1+2", "1+2", "1+2", "1+2"},
                      Row{300, "1+3", "1+3", "1+3", "1+3", "1+3"},
                      Row{480, "1+6", "1+6", "1+6", "1+6", "1+6"}),
    [](const auto& row) { return std::to_string(row.param.minutes); });

TEST(UnitsTest, QuarterHoursOfOtherCodes) {
  EXPECT_EQ(quarter_hour_units(0), 0);
  EXPECT_EQ(quarter_hour_units(7), 0);
  EXPECT_EQ(quarter_hour_units(8), 1);
  EXPECT_EQ(quarter_hour_units(22), 1);
  EXPECT_EQ(quarter_hour_units(23), 2);
  EXPECT_EQ(quarter_hour_units(55), 4);
}

}  // namespace
}  // namespace gateway::billing
