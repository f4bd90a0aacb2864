#include "map/text_node.h"

#include <gtest/gtest.h>

namespace gateway::map {
namespace {

std::string text_of(const std::string& node) {
  KeyTable keys;
  const auto tree = JsonDocument::parse("{\"n\":" + node + "}", keys);
  return std::string(text_node(tree->root().get("n")).text());
}

TEST(TextNodeTest, AFieldStandsForItsFirstComponent) {
  EXPECT_EQ(text_of(R"("A")"), "A");
  EXPECT_EQ(text_of(R"({"c1":"A","c2":"B"})"), "A");
  EXPECT_EQ(text_of(R"({"c1":{"s1":"A","s2":"B"}})"), "A");
  EXPECT_EQ(text_of(R"({"c2":"B"})"), "");
  EXPECT_EQ(text_of(R"("\"\"")"), "");
}

TEST(TextNodeTest, AnEmptyTextIsBlankAndAnAbsentOneIsNot) {
  KeyTable keys;
  const auto tree = JsonDocument::parse(R"({"a":"","b":"x"})", keys);
  EXPECT_TRUE(is_blank(tree->root().get("a")));
  EXPECT_FALSE(is_blank(tree->root().get("b")));
  EXPECT_FALSE(is_blank(tree->root().get("c")));
}

}  // namespace
}  // namespace gateway::map
