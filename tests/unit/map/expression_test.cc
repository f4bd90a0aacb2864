#include "map/expression.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

const Scopes kMessage{{Scope::Kind::group, parse::structure_named("REF_I12")}};

std::string evaluated(const std::string& text, const JsonDocument& tree,
                      ReadMarks* marks = nullptr) {
  const auto made = Expression::compile(text, kMessage, {"zone", "state"});
  if (!made) return "error: " + made.error().message;
  const std::vector<Json> scopes{tree.root()};
  const std::vector<Setting> settings{{"state", "TX"}, {"zone", ""}};
  std::vector<Item> found;
  const auto status = made->evaluate({scopes, settings, marks}, found);
  if (!status) return "error: " + status.error().message;
  std::string all;
  for (const auto& item : found) {
    if (!all.empty()) all += '|';
    all += item.value();
  }
  return all;
}

TEST(ExpressionTest, Evaluates) {
  const auto tree = referral(
      "RF1|A|R||||^EHR\rPID|||A^^^X~B||Doe^Ann\rOBR|||77^EHR\r"
      "DG1|1||M54\rDG1|2||S33\rPV1||O\r");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"=order", "order"},
      {"= two words", " two words"},
      {"PID-5.1", "Doe"},
      {"PID-3", "A|B"},
      {"PID-9", ""},
      {"first(PID-9, PID-5)", "Doe"},
      {"first(RF1-6, ORDER.OBR-3)", "77"},  // RF1-6 has no first component
      {"first(PID-9, PID-10)", ""},
      {"all(PID-9, PID-3, PID-5)", "A|B|Doe"},
      {"all(PID-9)", ""},
      {"%state", "TX"},
      {"%zone", ""},
      {"PID-5.2 & ' ' & PID-5.1", "Ann Doe"},
      {"iif(PV1-2 = 'O', 'out', 'in')", "out"},
      {"'PID-5.1'", "PID-5.1"},
      {"DG1-3.count()", "2"},
      {"DG1-3.where($this.startsWith('S'))", "S33"},
      {"(PID-9 | PID-5.2).first()", "Ann"},
      {"%state & '-' & PID-3[2]", "TX-B"},
      {"PID-3 = 'A'", "false"},
      {"PID-3.1[1]", "B"},  // of texts, as FHIRPath counts
  };
  for (const auto& [text, value] : rows) {
    EXPECT_EQ(evaluated(text, tree), value) << text;
  }
}

TEST(ExpressionTest, ChoosesPairwise) {
  const auto tree = referral("RF1||||||7^EHR\rOBR|||8^LAB\r");
  const auto made =
      Expression::compile("first(RF1-6, ORDER.OBR-3)", kMessage, {});
  const std::vector<Json> scopes{tree.root()};
  std::vector<Json> nodes;
  ASSERT_TRUE(made->find({scopes, {}, nullptr}, nodes).ok());
  ASSERT_EQ(nodes.size(), 1U);
  EXPECT_EQ(nodes[0].raw(), "7^EHR");
}

TEST(ExpressionTest, MarksWhatItReads) {
  const auto tree = referral("PID|||A||Doe^Ann\r");
  ReadMarks marks(tree.node_count());
  evaluated("PID-5.2 & PID-3", tree, &marks);
  EXPECT_TRUE(marks[tree.root().find("PID.f5.c2").index()]);
  EXPECT_TRUE(marks[tree.root().find("PID.f3").index()]);
  EXPECT_FALSE(marks[tree.root().find("PID.f5.c1").index()]);
}

TEST(ExpressionTest, NamesWhatIsWrong) {
  const auto tree = referral("");
  for (const auto* text :
       {"", "PID-5.1 &", "nosuch(", "PIX-5", "%nosuch", "first(PIX-1, PID-3)",
        "PID[0]-7", "PID-3[2.].1", "PID-3[0]", "ORDER[2.].ORC-2"}) {
    EXPECT_TRUE(evaluated(text, tree).starts_with("error: ")) << text;
  }
}

TEST(ExpressionTest, TruthIsFhirpaths) {
  const auto tree = referral("PID|||A||Doe\r");
  const std::vector<Json> scopes{tree.root()};
  const std::vector<std::pair<std::string, bool>> rows{
      {"PID-3.exists()", true}, {"PID-9.exists()", false},
      {"PID-3 = 'A'", true},    {"PID-9 = 'A'", false},
      {"PID-3", true},          {"PID-9", false},
  };
  for (const auto& [text, holds] : rows) {
    const auto made = Expression::compile(text, kMessage, {});
    ASSERT_TRUE(made.ok()) << text;
    EXPECT_EQ(*made->holds({scopes, {}, nullptr}), holds) << text;
  }
}

TEST(ExpressionTest, KnowsWhatGivesOneNodeAtMost) {
  const auto single = [](const std::string& text) {
    return Expression::compile(text, kMessage, {})->is_single();
  };
  EXPECT_TRUE(single("first(PID-3, PID-4)"));
  EXPECT_TRUE(single("PID-3[1]"));
  EXPECT_FALSE(single("PID-3"));
  EXPECT_FALSE(single("all(PID-3, PID-4)"));
  EXPECT_FALSE(single("PID-3 & 'x'"));
}

// The first text, as evaluate() gives it, without the others.
TEST(ExpressionTest, GivesTheFirstTextOfPaths) {
  const auto tree = referral("PID|||^^^X~B|C|Doe\r");
  const std::vector<Json> scopes{tree.root()};
  for (const auto& [text, first] :
       std::vector<std::pair<std::string, std::string>>{
           {"PID-3", "B"},
           {"first(PID-9, PID-5, PID-3)", "Doe"},
           {"all(PID-9, PID-4, PID-3)", "C"},
           {"PID-9", ""}}) {
    const auto made = Expression::compile(text, kMessage, {});
    ASSERT_TRUE(made->is_path()) << text;
    EXPECT_EQ(made->first_text(scopes).text(), first) << text;
  }
}

}  // namespace
}  // namespace gateway::map
