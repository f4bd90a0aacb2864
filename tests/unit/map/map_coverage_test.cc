#include "map/map_coverage.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

TEST(MapCoverageTest, CountsBothDirections) {
  const auto loaded = load_library(
      files_with("  p:\n    resourceType: P\n    a: PID-3\n    b: PID-9\n"
                 "    c: { $from: PID-8, $table: sex, $onUnmapped: omit }\n",
                 {{"tables/sex.csv", "from,to\nF,female\nM,male\n"}}),
      nullptr);
  ASSERT_NE(loaded.library, nullptr);
  const auto& map = loaded.library->maps[0];
  MapCoverage coverage(*loaded.library);
  for (const auto* segments :
       {"PID|||A||Doe^Ann|||F\r", "PID|||A||Doe\rZZZ|1\r"}) {
    const auto tree = referral(segments);
    coverage.add(map, tree.root(),
                 run(*loaded.library, map, tree.root(),
                     {.overlay = nullptr, .explain = true}));
  }
  const auto unread = coverage.unread();
  const auto find = [&](const std::string& path) {
    for (const auto& one : unread) {
      if (one.path == path) return one.times;
    }
    return std::size_t{0};
  };
  EXPECT_EQ(find("PID-3"), 0U);
  EXPECT_EQ(find("PID-5.1"), 1U);
  EXPECT_EQ(find("PID-5"), 1U);
  EXPECT_EQ(find("ZZZ-1"), 1U);
  const auto rules = coverage.rules_never_fired();
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].place, "m.yaml:9");
  const auto rows = coverage.rows_never_used();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].text, "sex: M");
  EXPECT_EQ(coverage.messages(), 2U);
}

}  // namespace
}  // namespace gateway::map
