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
  MapCoverage coverage(*loaded.library, MapSide::inward);
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

// What is emitted is not what messages are mapped to: no message could make
// its rules fire.
TEST(MapCoverageTest, KeepsOutwardMapsApart) {
  const auto loaded = load_library(
      files_with("  p: { resourceType: P, a: PID-3 }\n",
                 {{"tables/state.csv", "from,to\nactive,active\n"},
                  {"e.yaml",
                   "map: e\nversion: '1'\nsource: episode\nemit:\n  e:\n"
                   "    resourceType: EpisodeOfCare\n    id: id\n"
                   "    identifier: [{ value: key }]\n"
                   "    status: status\n"
                   "    type: [{ text: { $from: status, $table: state, "
                   "$onUnmapped: omit } }]\n"}}),
      nullptr);
  ASSERT_NE(loaded.library, nullptr) << problems_of(loaded);
  const auto& library = *loaded.library;
  MapCoverage inward(library, MapSide::inward);
  MapCoverage outward(library, MapSide::outward);
  const auto* episode = library.find("e");
  ASSERT_NE(episode, nullptr);
  EXPECT_EQ(side_of(*episode), MapSide::outward);
  EXPECT_EQ(side_of(*library.find("m")), MapSide::inward);
  ASSERT_EQ(inward.rules_never_fired().size(), 1U);
  EXPECT_EQ(inward.rules_never_fired()[0].place, "m.yaml:6");
  EXPECT_TRUE(inward.rows_never_used().empty());
  EXPECT_EQ(outward.rules(), 4U);
  EXPECT_EQ(outward.rows_never_used().size(), 1U);
  const auto document =
      JsonDocument::parse(R"({"id":"1","key":"k","status":"active"})");
  outward.add(*episode, document->root(),
              run(library, *episode, document->root(),
                  {.overlay = nullptr, .explain = true}));
  EXPECT_TRUE(outward.rules_never_fired().empty());
  EXPECT_TRUE(outward.rows_never_used().empty());
}

}  // namespace
}  // namespace gateway::map
