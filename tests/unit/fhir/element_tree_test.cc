#include "fhir/element_tree.h"

#include <gtest/gtest.h>

namespace gateway::fhir {
namespace {

ElementDefinition element(std::string_view path, std::string_view slice = {},
                          std::string_view base = {}) {
  ElementDefinition made;
  made.path = path;
  made.slice_name = slice;
  made.base_path = base;
  return made;
}

TEST(ElementTreeTest, PutsMembersUnderElementsAndSlicesBesideThem) {
  const std::vector<ElementDefinition> elements{
      element("Thing"),           element("Thing.part"),
      element("Thing.part.name"), element("Thing.part", "a"),
      element("Thing.part.name"), element("Thing.part", "a/b"),
      element("Thing.other")};
  const auto tree = element_tree(elements);
  ASSERT_NE(tree, nullptr);
  ASSERT_EQ(tree->members.size(), 2U);
  const auto& part = *tree->members[0];
  EXPECT_EQ(part.members.size(), 1U);
  ASSERT_EQ(part.slices.size(), 1U);
  EXPECT_EQ(part.slices[0]->members.size(), 1U);
  EXPECT_EQ(part.slices[0]->slices.size(), 1U);
  EXPECT_EQ(element_tree({}), nullptr);
}

TEST(ElementTreeTest, LeavesOutWhatHasNoParent) {
  const std::vector<ElementDefinition> elements{element("Thing"),
                                                element("Thing.a.b.c")};
  EXPECT_TRUE(element_tree(elements)->members.empty());
}

TEST(ElementTreeTest, KnowsNarrowedChoicesByTheirPlainName) {
  EXPECT_EQ(plain_name(element("Thing.value[x]")), "value");
  EXPECT_EQ(plain_name(element("Thing.valueString", "", "Thing.value[x]")),
            "value");
  EXPECT_EQ(plain_name(element("Thing.values", "", "Thing.values")), "values");
}

}  // namespace
}  // namespace gateway::fhir
