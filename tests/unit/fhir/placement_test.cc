#include "fhir/placement.h"

#include <gtest/gtest.h>

#include "unit/fhir/small_definitions.h"

namespace gateway::fhir {
namespace {

TEST(PlacementTest, ListsWhatLiesAroundANode) {
  const auto definitions = SmallDefinitions().make();
  const auto document = JsonDocument::parse(
      R"({"resourceType":"Thing","part":[{"name":"x"}],"odd":{"a":1}})",
      definitions->keys());
  ASSERT_TRUE(document.ok());
  const Json name = document->root().get("part").at(0).get("name");
  const auto placed = placements(*definitions, name);
  ASSERT_EQ(placed.size(), 3U);
  EXPECT_EQ(placed[0].element, nullptr);
  EXPECT_EQ(definitions->text(placed[1].element->path), "Thing.part");
  EXPECT_EQ(placed[2].node, name);
  EXPECT_EQ(definitions->text(definitions->shapes[placed[2].shape].name),
            "string");
}

TEST(PlacementTest, StopsAtWhatTheDefinitionsDoNotKnow) {
  const auto definitions = SmallDefinitions().make();
  const auto document = JsonDocument::parse(
      R"({"resourceType":"Thing","odd":{"a":1}})", definitions->keys());
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(
      placements(*definitions, document->root().get("odd").get("a")).size(),
      1U);
}

}  // namespace
}  // namespace gateway::fhir
