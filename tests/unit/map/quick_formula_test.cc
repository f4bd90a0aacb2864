// The same answers as FHIRPath, formula by formula.

#include "map/quick_formula.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "map/expression.h"
#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

const Scopes kMessage{{Scope::Kind::group, parse::structure_named("REF_I12")}};
const std::vector<std::string> kNames{"namespace", "state"};
const std::vector<Setting> kSettings{{"namespace", "urn:x:"}, {"state", ""}};

JsonDocument message(const std::string& segments) { return referral(segments); }

std::string text_of(const std::vector<Item>& items) {
  std::string all = std::to_string(items.size());
  for (const auto& item : items) all += " " + std::string(item.value());
  return all;
}

// What FHIRPath says: marks keep an Expression from being quick.
std::string slowly(const std::string& formula, const JsonDocument& tree,
                   bool truth) {
  const auto made = Expression::compile(formula, kMessage, kNames);
  if (!made) return "error: " + made.error().message;
  const std::vector<Json> scopes{tree.root()};
  ReadMarks marks(tree.node_count(), false);
  const EvaluationContext context{scopes, kSettings, &marks};
  if (truth) {
    const auto held = made->holds(context);
    return held ? (*held ? "true" : "false") : "error";
  }
  std::vector<Item> found;
  return made->evaluate(context, found) ? text_of(found) : "error";
}

std::string quickly(const std::string& formula, const JsonDocument& tree,
                    bool truth) {
  const auto made = QuickFormula::compile(formula, kMessage, kNames);
  if (!made) return "not quick";
  const std::vector<Json> scopes{tree.root()};
  const EvaluationContext context{scopes, kSettings, nullptr};
  if (truth) {
    const auto held = made->holds(context);
    return held ? (*held ? "true" : "false") : "not sure";
  }
  std::vector<Item> found;
  return made->evaluate(context, found) ? text_of(found) : "not sure";
}

const std::vector<std::string> kMessages{
    "PV1||O\r",
    "PID|||A^^^X&1.2&ISO~B\rPV1||I|||||||||||||||||V1\r",
    "PID|||A B\rACC|2026||||Y\rPV1||O\r",
    "PID|1||\"\"||Doe\rDG1|1||M54\rDG1|2||S33\r",
};

TEST(QuickFormulaTest, ConditionsHoldAsInFhirpath) {
  for (const std::string formula :
       {"PV1-2 = 'O'",
        "PV1-2 != 'O'",
        "PV1-19.exists()",
        "PV1-19.empty()",
        "PV1-2 = 'O' and PV1-19.empty()",
        "PV1-2 = 'I' or ACC-5 = 'Y'",
        "(PID-3 | ACC-1).exists()",
        "(ACC-1 | ACC-2).empty()",
        "PID-3 = 'A'",
        "PID-3 != 'A'",
        "DG1-3 != 'M54'",
        "PV1-2 = 'O' and ACC-5 = 'Y' or DG1-3.exists()",
        "PV1-2.startsWith('O')",
        "ACC-5.startsWith('Y')",
        "PID-3.intersect('B').exists()",
        "PID-3.intersect('Q').empty()",
        "PID-3.exclude('A' | 'B').exists()",
        "PID-3.exclude('A').empty()",
        "PID-3.exclude('A').exists() and PV1-2 = 'I'",
        "ACC-5 in ('Y' | 'N')",
        "PV1-2 in ('I' | 'E') or ACC-1.exists()"}) {
    for (const auto& segments : kMessages) {
      const auto tree = message(segments);
      EXPECT_EQ(quickly(formula, tree, true), slowly(formula, tree, true))
          << formula << " of " << segments;
    }
  }
}

TEST(QuickFormulaTest, TextsAreThoseOfFhirpath) {
  for (const std::string formula :
       {"iif(PV1-2 = 'O', 'out', 'in')", "iif(PV1-2 = 'O', PV1-19, PV1-2)",
        "iif(PV1-2 = 'O', {}, PV1-19)", "%namespace & PV1-19",
        "%namespace & 'a/' & PV1-2.replace(' ', '-')",
        "%namespace & PID-5.replace(' ', '-')", "PV1-2 & '/' & ACC-5",
        "(ACC-5 | PV1-2).first()", "(ACC-5 | %namespace).first()",
        "(ACC-5 | %state).first()", "PV1-19.replace('V', 'W')",
        "(ACC-5 | PV1-2).first() & '-' & PV1-2",
        "iif(PV1-2.startsWith('O'), 'x' & PV1-2, PV1-19)",
        "%namespace & ACC-1.substring(2)", "ACC-1.substring(2)",
        "iif(PV1-2 = 'O', 'a', iif(PV1-19.exists(), 'b', %namespace & "
        "PV1-2))"}) {
    for (const auto& segments : kMessages) {
      const auto tree = message(segments);
      EXPECT_EQ(quickly(formula, tree, false), slowly(formula, tree, false))
          << formula << " of " << segments;
    }
  }
}

// Several values where one is wanted are FHIRPath's to judge.
TEST(QuickFormulaTest, LeavesTheRestToFhirpath) {
  const auto tree = message(kMessages[3]);
  EXPECT_EQ(quickly("%namespace & DG1-3", tree, false), "not sure");
  EXPECT_EQ(quickly("DG1-3 in ('M54' | 'S33')", tree, true), "not sure");
  EXPECT_EQ(quickly("DG1-3.startsWith('M')", tree, true), "not sure");
  // An empty rest, and characters of several bytes.
  EXPECT_EQ(quickly("PID-1.substring(1)", tree, false), "not sure");
  EXPECT_EQ(quickly("PID-5.substring(1)",
                    message("PID|1||||D\xC3\xB6"
                            "e\r"),
                    false),
            "not sure");
  for (const std::string formula :
       {"PV1-2 in (PID-3 | 'I')", "PID-3.count() > 1",
        "PV1-2.startsWith(PID-3)", "PV1-2.substring(0, 8)", "'it\\'s'",
        "%nothing & 'x'", "ABC-1 = 'x'", "PV1-2 = 'O' xor true",
        "(PV1-2 = 'O')", "not(PV1-2)"}) {
    EXPECT_EQ(quickly(formula, tree, false), "not quick") << formula;
  }
}

}  // namespace
}  // namespace gateway::map
