#include "map/map_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

TEST(MapFormatTest, TellsOtherTools) {
  const std::vector<MapProblem> problems{{"a.yaml:3:7", "wrong", false},
                                         {"b.yaml:1:1", "odd", true}};
  EXPECT_EQ(
      problems_json(problems),
      R"([{"place":{"file":"a.yaml","line":3,"column":7},"level":"error",)"
      R"("text":"wrong"},{"place":{"file":"b.yaml","line":1,"column":1},)"
      R"("level":"warning","text":"odd"}])");
  const auto sarif = problems_sarif(problems, "mappings");
  ASSERT_TRUE(JsonDocument::parse(sarif).ok());
  EXPECT_THAT(sarif, HasSubstr(R"("uri":"mappings/a.yaml")"));
  EXPECT_THAT(sarif, HasSubstr(R"("startLine":3)"));
}

}  // namespace
}  // namespace gateway::map
