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
