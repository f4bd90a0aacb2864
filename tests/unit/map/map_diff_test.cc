#include "map/map_diff.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

SharedMapSet set_with(const std::string& rules) {
  return load_map_set(
             files_with("  p:\n    resourceType: P\n    k: PID-3\n    " +
                        rules + "\n"),
             {}, nullptr)
      .set;
}

TEST(MapDiffTest, ClustersChanges) {
  const std::string head = "MSH|^~\\&|||||||REF^I12\r";
  const std::vector<MapCase> messages{
      {.name = "one", .input = head + "PID|||A|B\r"},
      {.name = "two", .input = head + "PID|||A|C\r"},
      {.name = "three", .input = head + "PID|||A\r"}};
  const auto before = set_with("a: PID-3");
  EXPECT_TRUE(diff(*before, *set_with("a: PID-3"), messages).empty());
  const auto changes = diff(
      *before, *set_with("a: { $from: PID-4, $onMissing: correct }\n    b: =x"),
      messages);
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes[0].kind, MapChange::Kind::gained);
  EXPECT_EQ(changes[0].path, "P.b");
  EXPECT_EQ(changes[0].messages, 3U);
  EXPECT_EQ(changes[1].kind, MapChange::Kind::changed);
  EXPECT_EQ(changes[1].messages, 2U);
  EXPECT_EQ(changes[1].path, "P.a");
  // Of the same cause, so together.
  EXPECT_EQ(changes[2].path, "P.a");
  EXPECT_EQ(name(changes[2].kind), "lost");
  EXPECT_EQ(changes[3].path, "mapped>correct");
  EXPECT_EQ(changes[3].example, "three");
}

// "place: text" of the causes of the first change of `path`.
std::string causes_of(const std::vector<MapChange>& changes,
                      std::string_view path) {
  std::string all;
  for (const auto& change : changes) {
    if (change.path != path) continue;
    for (const auto& cause : change.causes) {
      all += cause.place + ": " + cause.text + "\n";
    }
    return all;
  }
  return "no such change";
}

TEST(MapDiffTest, NamesTheLinesAndRowsBehindAChange) {
  const auto set = [](const std::string& rules, const std::string& rows) {
    return load_map_set(
               files_with("  p:\n    resourceType: P\n    k: PID-3\n" + rules,
                          {{"tables/sex.csv", "from,to\n" + rows}}),
               {}, nullptr)
        .set;
  };
  const std::string sex =
      "    sex: { $from: PID-8, $table: sex, $onUnmapped: omit }\n";
  const std::string head = "MSH|^~\\&|||||||REF^I12\r";
  const std::vector<MapCase> messages{
      {.name = "one", .input = head + "PID|||A|||||F\r"},
      {.name = "two", .input = head + "PID|||A|||||M\r"}};
  const auto before = set(sex + "    a: PID-4\n", "F,female\nM,male\n");
  const auto gone = set(sex + "    a: PID-4\n", "M,male\n");
  EXPECT_EQ(causes_of(diff(*before, *gone, messages), "P.sex"),
            "tables/sex.csv:2: the row F is gone\n");
  EXPECT_EQ(causes_of(diff(*gone, *before, messages), "P.sex"),
            "tables/sex.csv:2: the row F is new\n");
  const auto other = set(sex + "    a: PID-4\n", "M,male\nF,woman\n");
  EXPECT_EQ(causes_of(diff(*before, *other, messages), "P.sex"),
            "tables/sex.csv:3: the row F says something else\n");
  const auto line = set(sex + "    a: PID-3\n", "F,female\nM,male\n");
  EXPECT_EQ(causes_of(diff(*before, *line, messages), "P.a"),
            "m.yaml:10: P.a is said otherwise\n");
  EXPECT_TRUE(diff(*before, *before, messages).empty());
}

TEST(MapDiffTest, TellsOfResourcesThatVanishOnce) {
  const auto set = [](const std::string& each) {
    return load_map_set(
               files_with("  p:\n    $each: " + each +
                          "\n    resourceType: P\n    k: .1\n    l: =x\n"),
               {}, nullptr)
        .set;
  };
  const std::vector<MapCase> messages{
      {.name = "one", .input = "MSH|^~\\&|||||||REF^I12\rPID|||A~B|C\r"}};
  const auto changes = diff(*set("PID-3"), *set("PID-4"), messages);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].kind, MapChange::Kind::lost);
  EXPECT_EQ(changes[0].path, "P");
  EXPECT_EQ(causes_of(changes, "P"), "m.yaml:6: p is said otherwise\n");
}

}  // namespace
}  // namespace gateway::map
