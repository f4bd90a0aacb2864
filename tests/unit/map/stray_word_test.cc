#include "map/stray_word.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

TEST(StrayWordTest, IsABareName) {
  EXPECT_EQ(stray_word("foo"), "foo");
  EXPECT_EQ(stray_word("%path1 = F"), "F");
  EXPECT_EQ(stray_word("%path1.value"), "value");
  EXPECT_EQ(stray_word("iif(%path1.exists(), corect, {})"), "corect");
}

TEST(StrayWordTest, IsNoFunctionOperatorTypeTextOrUnit) {
  for (const auto* formula :
       {"%path1.exists() and %path2 != 'F'", "'foo' & \"bar\" & `x`",
        "%path1.where($this = 'RP').empty()", "%path1 in ('A' | 'B') or true",
        "%path1 is String", "%path1.ofType(System.String)", "today() + 2 days",
        "@2026-04-01T10:00:00Z < now()", "{}", "'it\\'s' & %`name`",
        "%path1.toDecimal() * 60 div 2"}) {
    EXPECT_EQ(stray_word(formula), "") << formula;
  }
}

TEST(StrayWordTest, SaysWhatMayHaveBeenMeant) {
  EXPECT_THAT(stray_word_problem("corect"), HasSubstr("did you mean correct?"));
  EXPECT_THAT(stray_word_problem("MSH9"), HasSubstr("did you mean MSH-9?"));
  EXPECT_THAT(stray_word_problem("PID_7"), HasSubstr("did you mean PID-7?"));
  EXPECT_THAT(stray_word_problem("F"), HasSubstr("a text is written 'F'"));
}

// Each of these was read as an expression that gives nothing.
TEST(StrayWordTest, NoMapLoadsWithOne) {
  for (const std::string rule :
       {"birthDate: foo", "birthDate: PID_7", "birthDate: pid-7",
        "birthDate: \"%nosuch\"", "gender: { $from: PID-8, $when: PID-8 = F }",
        "gender: { $from: PID-8, $onMissing: omitt }"}) {
    const auto loaded = load_library(
        files_with("  p:\n    resourceType: Patient\n    " + rule + "\n"),
        nullptr);
    EXPECT_EQ(loaded.library, nullptr) << rule;
    EXPECT_THAT(problems_of(loaded), HasSubstr("m.yaml:8:")) << rule;
  }
}

TEST(StrayWordTest, KnowsDatesThatWouldBeReckoned) {
  for (const auto* text : {"1984-02", "1984-02-17"}) {
    EXPECT_TRUE(is_bare_date(text)) << text;
  }
  for (const auto* text : {"=1984-02-17", "1984", "PID-7", "1984-2-1",
                           "1984-02-17T", "12-34567"}) {
    EXPECT_FALSE(is_bare_date(text)) << text;
  }
}

}  // namespace
}  // namespace gateway::map
