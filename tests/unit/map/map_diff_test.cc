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
  EXPECT_EQ(changes[2].path, "mapped>correct");
  EXPECT_EQ(changes[2].example, "three");
  EXPECT_EQ(name(changes[3].kind), "lost");
}

}  // namespace
}  // namespace gateway::map
