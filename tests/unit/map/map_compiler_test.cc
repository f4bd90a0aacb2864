#include "map/map_compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

std::string problems(const std::string& text) {
  return problems_of(load_library({{"m.yaml", text}}, nullptr));
}

TEST(MapCompilerTest, ReadsWhatAMapIsFor) {
  const auto loaded =
      load_library(files_with("  p: { resourceType: Patient }\n"), nullptr);
  ASSERT_NE(loaded.library, nullptr);
  const auto* map = loaded.library->for_event("REF^I12");
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->name, "m");
  EXPECT_EQ(map->version, "1");
  EXPECT_EQ(map->emissions.size(), 1U);
  EXPECT_EQ(map->emissions[0].type, "Patient");
}

TEST(MapCompilerTest, NamesWhatIsWrong) {
  EXPECT_THAT(
      problems("map: m\nsource: bill\nemit: { p: { resourceType: P } }"),
      HasSubstr("m.yaml:1:1: a map needs a version"));
  EXPECT_THAT(problems("map: m\nversion: 1\nsource: REF_I21\n"),
              HasSubstr("m.yaml:3:9: \"REF_I21\" is no message structure; did "
                        "you mean REF_I12?"));
  EXPECT_THAT(problems("map: m\nversion: 1\nsource: bill\n"),
              HasSubstr("a map emits resources"));
  EXPECT_THAT(problems("map: m\nversion: 1\nsource: bill\nemit: { p: {} }\n"),
              HasSubstr("\"p\" has no resourceType"));
  EXPECT_THAT(problems("map: m\nversion: 1\nsorce: bill\n"),
              HasSubstr("did you mean source?"));
  EXPECT_THAT(problems("map: m\nversion: 1\nsource: bill\nemit:\n"
                       "  g: { $emit: { p: { resourceType: P } }, id: x }\n"),
              HasSubstr("a group of resources has"));
}

TEST(MapCompilerTest, RefusesEventsOfOtherMessages) {
  const auto with = [](const std::string& event) {
    return problems(
        "map: m\nversion: 1\nsource: REF_I12\nevents: [" + event +
        "]\nemit: { p: { resourceType: P, a: { $from: PID-3 } } }\n");
  };
  EXPECT_THAT(with("REF_I12"),
              HasSubstr("m.yaml:4:10: \"REF_I12\" is no event of REF_I12; did "
                        "you mean REF^I12?"));
  EXPECT_THAT(with("ADT^A04"),
              HasSubstr("\"ADT^A04\" is a message of ADT_A01, not of REF_I12"));
  EXPECT_THAT(with("REF^I99"), HasSubstr("\"REF^I99\" is no event"));
  EXPECT_EQ(with("REF^I15"), "");
  EXPECT_EQ(with("REF^Z01"), "");
}

TEST(MapCompilerTest, RefusesMethodsThatNobodyKnows) {
  EXPECT_THAT(
      problems("map: m\nversion: 1\nsource: REF_I12\nevents: [REF^I12]\n"
               "emit:\n  p:\n    resourceType: P\n"
               "    $method: iif(MSH-9.2 = 'I12', 'post', 'updat')\n"),
      HasSubstr("\"updat\" is no $method: post, create, update or withdraw; "
                "did you mean update?"));
}

// What is found by an identifier needs one: else each message would post it.
TEST(MapCompilerTest, WantsAnIdentifierToFindBy) {
  const auto with = [](const std::string& method, const std::string& more) {
    return problems(
        "map: m\nversion: 1\nsource: REF_I12\nevents: [REF^I12]\n"
        "emit:\n  p:\n    resourceType: P\n    $method: " +
        method + "\n    a: PID-5.1\n" + more);
  };
  EXPECT_EQ(with("post", ""), "");
  EXPECT_THAT(with("withdraw", ""),
              HasSubstr("m.yaml:8:14: $method: withdraw finds a P by its first "
                        "identifier, and this has none"));
  EXPECT_THAT(with("iif(PID-8 = 'F', 'post', 'update')", ""),
              HasSubstr("this has none"));
  EXPECT_EQ(with("create", "    identifier: [{ value: PID-3.1 }]\n"), "");
}

TEST(MapCompilerTest, WantsNames) {
  EXPECT_THAT(problems("map: m\nversion: 1\nsource: bill\nemit:\n"
                       "  : { resourceType: P }\n"),
              HasSubstr("m.yaml:5:3: a resource needs a name before the"));
  EXPECT_THAT(problems("map: ''\nversion: 1\nsource: bill\nemit:\n"
                       "  p: { resourceType: P }\n"),
              HasSubstr("m.yaml:1:1: a map needs a name"));
  EXPECT_THAT(problems("parts: { : { family: .1 } }\n"),
              HasSubstr("m.yaml:1:10: a part needs a name before the"));
}

}  // namespace
}  // namespace gateway::map
