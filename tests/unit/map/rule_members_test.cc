#include "map/rule_members.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway::map {
namespace {

TEST(RuleMembersTest, OwnMembersReplaceThoseOfParts) {
  const auto parts_text =
      Yaml::parse("P: { $use: Q, a: 1, b: 2 }\nQ: { b: 0, c: 3 }\n", "p.yaml");
  Parts parts;
  for (const auto& [key, value] : parts_text->members()) {
    parts.emplace(key.scalar(), value);
  }
  const auto node = Yaml::parse("{ $use: P, b: 5, c: ~ }", "m.yaml");
  std::vector<MapProblem> problems;
  const auto members = merged_members(*node, parts, problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_NE(find(members, "a"), nullptr);
  EXPECT_EQ(find(members, "a")->scalar(), "1");
  EXPECT_EQ(find(members, "b")->scalar(), "5");
  EXPECT_EQ(find(members, "c"), nullptr);
}

TEST(RuleMembersTest, NamesPartsThatAreNotThere) {
  std::vector<MapProblem> problems;
  const auto unknown = Yaml::parse("{ $use: P }", "m.yaml");
  merged_members(*unknown, {}, problems);
  const auto idle = Yaml::parse("{ a: ~ }", "m.yaml");
  merged_members(*idle, {}, problems);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].place, "m.yaml:1:9");
  EXPECT_NE(problems[0].text.find("no part \"P\""), std::string::npos);
  EXPECT_NE(problems[1].text.find("no part's to take away"), std::string::npos);
}

}  // namespace
}  // namespace gateway::map
