#include "fhir/element_list.h"

#include <gtest/gtest.h>

namespace gateway::fhir {
namespace {

ElementList list() {
  const auto document = parse_shared(
      R"([{"id":"T","path":"T"},{"id":"T.a","path":"T.a","min":0},)"
      R"({"id":"T.a.x","path":"T.a.x"},{"id":"T.a:s","path":"T.a"},)"
      R"({"id":"T.a:s.x","path":"T.a.x"},{"id":"T.ab","path":"T.ab"}])");
  return ElementList::of((*document)->root());
}

TEST(ElementListTest, KnowsWhereSubtreesAndSlicesEnd) {
  const auto elements = list();
  EXPECT_EQ(elements.find("T.a"), 1U);
  EXPECT_EQ(elements.find("T.b"), ElementList::kNowhere);
  EXPECT_EQ(elements.subtree_end(1), 3U);
  EXPECT_EQ(elements.slices_end(1), 5U);
  EXPECT_TRUE(elements.has_members(3));
  EXPECT_FALSE(elements.has_members(5));
}

TEST(ElementListTest, MovesElementsUnderAnotherParent) {
  const auto elements = list();
  ListedElement parent;
  parent.id = "Q.b:t";
  parent.path = "Q.b";
  const auto copies = moved(elements, 2, 3, parent, elements[1]);
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies[0].id, "Q.b:t.x");
  EXPECT_EQ(copies[0].path, "Q.b.x");
}

TEST(ElementListTest, LaysTheDifferentialOverTheBase) {
  ListedElement element;
  element.set("constraint", R"([{"key":"a","human":"old"},{"key":"b"}])");
  element.set("binding", R"({"strength":"example","valueSet":"x"})");
  element.set("fixedCode", R"("k")");
  const auto document =
      parse_shared(R"({"min":1,"constraint":[{"key":"a","human":"new"}],)"
                   R"("binding":{"strength":"required"},"fixedString":"s"})");
  merge(element, (*document)->root());
  EXPECT_EQ(element.get("min"), "1");
  EXPECT_EQ(element.get("constraint"),
            R"([{"key":"b"},{"key":"a","human":"new"}])");
  EXPECT_EQ(element.get("binding"),
            R"({"valueSet":"x","strength":"required"})");
  EXPECT_EQ(element.get("fixedCode"), "");
  EXPECT_EQ(element.get("fixedString"), R"("s")");
}

}  // namespace
}  // namespace gateway::fhir
