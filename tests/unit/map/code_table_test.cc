#include "map/code_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway::map {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(CodeTableTest, ReadsCsv) {
  const auto table = CodeTable::from_csv(
      "# sexes\nfrom,to,system,display\nF,female\r\nM,male,urn:x,\"a, "
      "\"\"b\"\"\"\n",
      "sex.csv");
  ASSERT_TRUE(table.ok()) << table.error().message;
  ASSERT_EQ(table->rows().size(), 2U);
  EXPECT_EQ(table->rows()[table->row_for("f")].to, "female");
  const auto& row = table->rows()[table->row_for("M")];
  EXPECT_EQ(row.system, "urn:x");
  EXPECT_EQ(row.display, "a, \"b\"");
  EXPECT_EQ(row.line, 4U);
  EXPECT_EQ(table->row_for("X"), CodeTable::kNoRow);
  EXPECT_FALSE(table->answers_all());
}

TEST(CodeTableTest, AStarAnswersAll) {
  const auto table = CodeTable::from_csv("from,to\nA,b\n*,other\n", "t.csv");
  EXPECT_TRUE(table->answers_all());
  EXPECT_EQ(table->rows()[table->row_for("Z")].to, "other");
}

TEST(CodeTableTest, RefusesWithTheLine) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"a,b\n", "t.csv:1:1: a table begins with"},
      {"from,to\nA\n", "t.csv:2:1: a row has"},
      {"from,to\nA,caf\xE9\n", "t.csv:2:1: the text is not UTF-8"},
      {"from,to\nA,b\nA,c\n", "t.csv:3:1: two rows"},
      {"from,to\nA,\"b\n", "t.csv:2:1: a quote"},
      {"from,to\n,b\n", "t.csv:2:1: a row has"},
      {"", "t.csv:1:1: a table begins with"},
      {"# nothing\n", "t.csv:1:1: a table begins with"},
  };
  for (const auto& [text, problem] : rows) {
    const auto table = CodeTable::from_csv(text, "t.csv");
    ASSERT_FALSE(table.ok()) << text;
    EXPECT_THAT(table.error().message, StartsWith(problem));
  }
}

// Of two that differ in case only, each is found as it is written.
TEST(CodeTableTest, TakesCodesThatDifferInCaseInAnyOrder) {
  for (const std::string rows : {"a,small\nA,large\n", "A,large\na,small\n"}) {
    const auto table = CodeTable::from_csv("from,to\n" + rows, "t.csv");
    ASSERT_TRUE(table.ok()) << rows;
    EXPECT_EQ(table->rows()[table->row_for("a")].to, "small") << rows;
    EXPECT_EQ(table->rows()[table->row_for("A")].to, "large") << rows;
  }
}

// What is said to be another thing is not what the code becomes.
TEST(CodeTableTest, TakesNoTargetThatIsAnotherThing) {
  const auto document = JsonDocument::parse(R"({"resourceType":"ConceptMap",
    "group":[{"element":[
      {"code":"F","target":[{"code":"male","equivalence":"disjoint"},
        {"code":"female","equivalence":"equal"}]},
      {"code":"X","target":[{"code":"male","equivalence":"unmatched"}]}]}]})");
  const auto table = CodeTable::from_concept_map(document->root(), "t.json");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->rows()[table->row_for("F")].to, "female");
  EXPECT_EQ(table->row_for("X"), CodeTable::kNoRow);
}

TEST(CodeTableTest, ReadsConceptMaps) {
  const auto document = JsonDocument::parse(R"({"resourceType":"ConceptMap",
    "group":[{"source":"urn:a","target":"urn:b","element":[
      {"code":"1","target":[{"code":"one","display":"One"}]},
      {"code":"2","target":[]}],
      "unmapped":{"mode":"fixed","code":"none"}}]})");
  const auto table = CodeTable::from_concept_map(document->root(), "t.json");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->rows()[table->row_for("1")].to, "one");
  EXPECT_EQ(table->rows()[table->row_for("1")].system, "urn:b");
  EXPECT_EQ(table->rows()[table->row_for("2")].to, "none");
  const auto other = JsonDocument::parse(R"({"resourceType":"Patient"})");
  EXPECT_THAT(
      CodeTable::from_concept_map(other->root(), "t.json").error().message,
      HasSubstr("not a ConceptMap"));
}

}  // namespace
}  // namespace gateway::map
