#include "fhir/snapshot.h"

#include <gtest/gtest.h>

#include "fhir/element_definition.h"

namespace gateway::fhir {
namespace {

constexpr const char* kBase = R"({"url":"http://x/Thing","type":"Thing",
  "snapshot":{"element":[
   {"id":"Thing","path":"Thing","min":0,"max":"*"},
   {"id":"Thing.name","path":"Thing.name","min":0,"max":"*",
    "type":[{"code":"Name"}]},
   {"id":"Thing.value[x]","path":"Thing.value[x]","min":0,"max":"1",
    "type":[{"code":"string"},{"code":"Name"}]}]}})";
constexpr const char* kName = R"({"url":"http://x/Name","type":"Name",
  "snapshot":{"element":[{"id":"Name","path":"Name"},
   {"id":"Name.family","path":"Name.family","min":0,"max":"1",
    "type":[{"code":"string"}]}]}})";

class SnapshotTest : public ::testing::Test {
 protected:
  Result<Snapshot> make(const std::string& differential) {
    definition_ = *parse_shared(
        R"({"url":"http://x/P","type":"Thing","derivation":"constraint",)"
        R"("baseDefinition":"http://x/Thing","differential":{"element":)" +
        differential + "}}");
    return make_snapshot(definition_->root(), [this](std::string_view url) {
      if (url == "http://x/Thing") return base_->root();
      return url == "Name" ? name_->root() : Json();
    });
  }

  std::vector<std::string> ids(const Snapshot& snapshot) {
    made_ = *parse_shared(snapshot.text);
    std::vector<std::string> found;
    for (const auto& element : snapshot_elements(made_->root())) {
      found.emplace_back(element.id);
    }
    return found;
  }

  SharedDocument base_ = *parse_shared(kBase);
  SharedDocument name_ = *parse_shared(kName);
  SharedDocument definition_;
  SharedDocument made_;
};

using Ids = std::vector<std::string>;

TEST_F(SnapshotTest, UnfoldsTypesWhereTheDifferentialGoesInto) {
  const auto made = make(
      R"([{"id":"Thing.name.family","path":"Thing.name.family","min":1}])");
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made->outcome.empty());
  EXPECT_EQ(ids(*made), (Ids{"Thing", "Thing.name", "Thing.name.family",
                             "Thing.value[x]"}));
}

TEST_F(SnapshotTest, AddsSlicesBehindWhatTheySlice) {
  const auto made = make(
      R"([{"path":"Thing.name","slicing":{"rules":"open"}},
          {"path":"Thing.name","sliceName":"legal","min":1},
          {"path":"Thing.name.family","min":1}])");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(ids(*made), (Ids{"Thing", "Thing.name", "Thing.name:legal",
                             "Thing.name:legal.family", "Thing.value[x]"}));
}

TEST_F(SnapshotTest, ReadsTheShortFormOfAChoice) {
  const auto made = make(R"([{"path":"Thing.valueString","min":1}])");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(ids(*made), (Ids{"Thing", "Thing.name", "Thing.value[x]",
                             "Thing.value[x]:valueString"}));
}

TEST_F(SnapshotTest, ReportsWhatFitsNowhere) {
  const auto made = make(R"([{"path":"Thing.nothing"},{"path":"Thing..a"}])");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->outcome.findings().size(), 2U);
  EXPECT_EQ(made->outcome.findings()[0].rule, "snapshot/path");
}

TEST_F(SnapshotTest, CardinalitiesAreNarrowedOnly) {
  EXPECT_TRUE(
      make(R"([{"path":"Thing.name","min":1,"max":"2"}])")->outcome.empty());
  EXPECT_TRUE(
      make(R"([{"path":"Thing.value[x]","max":"0"}])")->outcome.empty());
  const auto wider = make(R"([{"path":"Thing.value[x]","max":"*"}])");
  ASSERT_TRUE(wider.ok());
  ASSERT_EQ(wider->outcome.findings().size(), 1U);
  EXPECT_EQ(wider->outcome.findings()[0].rule, "snapshot/path");
  EXPECT_EQ(wider->outcome.findings()[0].seen, "Thing.value[x]");
}

TEST_F(SnapshotTest, NeedsABase) {
  definition_ = *parse_shared(R"({"baseDefinition":"http://x/None"})");
  const auto made = make_snapshot(definition_->root(),
                                  [](std::string_view) { return Json(); });
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace gateway::fhir
