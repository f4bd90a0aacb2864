#include "map/formula.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway::map {
namespace {

TEST(FormulaTest, EvaluatesOnDocumentsWithVariables) {
  const auto document =
      JsonDocument::parse(R"({"lines":[{"units":2},{"units":3}],"id":"x"})");
  const auto formula =
      Formula::compile("lines.units.last() + %more.toInteger()");
  ASSERT_TRUE(formula.ok()) << formula.error().message;
  std::vector<Item> found;
  const auto status =
      formula->evaluate(document->root(), document->root(),
                        {{.name = "more", .nodes = {}, .text = "4"}}, found);
  ASSERT_TRUE(status.ok()) << status.error().message;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].value(), "7");
}

TEST(FormulaTest, GivesNodesWithTheirBytes) {
  const auto document = JsonDocument::parse(R"({"id":"x"})");
  const auto formula = Formula::compile("id");
  std::vector<Item> found;
  ASSERT_TRUE(
      formula->evaluate(document->root(), document->root(), {}, found).ok());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].value(), "x");
  EXPECT_EQ(found[0].span, (ByteSpan{6, 9}));
}

TEST(FormulaTest, RefusesWhatIsNoFhirpath) {
  EXPECT_FALSE(Formula::compile("a +").ok());
}

}  // namespace
}  // namespace gateway::map
