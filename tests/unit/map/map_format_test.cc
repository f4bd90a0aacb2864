#include "map/map_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/json.h"

namespace gateway::map {
namespace {

const std::vector<MapProblem>& problems() {
  static const std::vector<MapProblem> kProblems{
      {LintRule::element, "a.yaml:3:7", "wrong"},
      {LintRule::code, "tables/b 1:2.csv:1:1", "odd", true}};
  return kProblems;
}

TEST(MapFormatTest, TellsPrograms) {
  EXPECT_EQ(
      problems_json(problems()),
      R"([{"place":{"file":"a.yaml","line":3,"column":7},"level":"error",)"
      R"("rule":"map/unknown-element","text":"wrong"},)"
      R"({"place":{"file":"tables/b 1:2.csv","line":1,"column":1},)"
      R"("level":"warning","rule":"map/unknown-code","text":"odd"}])");
}

// The one run of a log in SARIF 2.1.0, whose tool is complete (3.18, 3.19).
Json run_of(const JsonDocument& log) {
  EXPECT_EQ(log.root().get("version").text(), "2.1.0");
  EXPECT_TRUE(log.root().get("$schema").text().starts_with("https://"));
  EXPECT_EQ(log.root().get("runs").size(), 1U);
  const auto run = log.root().get("runs").first();
  const auto driver = run.find("tool.driver");
  EXPECT_EQ(driver.get("name").text(), "workgate map lint");
  EXPECT_EQ(driver.get("semanticVersion").text(), "1.2.3");
  std::set<std::string_view> ids;
  for (const auto rule : driver.get("rules")) {
    EXPECT_TRUE(ids.insert(rule.get("id").text()).second);
    EXPECT_FALSE(rule.find("shortDescription.text").text().empty());
    EXPECT_FALSE(rule.find("help.text").text().empty());
  }
  EXPECT_EQ(ids.size(), lint_rules().size());
  EXPECT_EQ(run.get("columnKind").text(), "unicodeCodePoints");
  EXPECT_EQ(run.get("invocations").size(), 1U);
  EXPECT_TRUE(run.get("results").is_array());
  return run;
}

std::vector<std::string> uris_of(Json run) {
  std::vector<std::string> uris;
  for (const auto result : run.get("results")) {
    uris.emplace_back(
        result.find("locations.physicalLocation.artifactLocation.uri").text());
  }
  return uris;
}

TEST(MapFormatTest, TellsEditorsAndCodeReview) {
  const auto log = JsonDocument::parse(
      problems_sarif(problems(), {"mappings", "1.2.3", {}}));
  ASSERT_TRUE(log.ok());
  const auto run = run_of(*log);
  EXPECT_EQ(run.find("invocations.executionSuccessful").text(), "true");
  ASSERT_EQ(run.get("results").size(), 2U);
  std::vector<Json> rules;
  for (const auto rule : run.find("tool.driver").get("rules")) {
    rules.push_back(rule);
  }
  for (const auto result : run.get("results")) {
    const auto index = std::stoul(std::string(result.get("ruleIndex").text()));
    ASSERT_LT(index, rules.size());
    EXPECT_EQ(rules[index].get("id").text(), result.get("ruleId").text());
  }
  const auto first = run.get("results").first();
  EXPECT_EQ(first.get("ruleId").text(), "map/unknown-element");
  EXPECT_EQ(first.get("level").text(), "error");
  EXPECT_EQ(first.find("message.text").text(), "wrong");
  const auto region = first.find("locations.physicalLocation.region");
  EXPECT_EQ(region.get("startLine").text(), "3");
  EXPECT_EQ(region.get("startColumn").text(), "7");
  EXPECT_THAT(
      uris_of(run),
      testing::ElementsAre("mappings/a.yaml", "mappings/tables/b%201%3A2.csv"));
}

TEST(MapFormatTest, NamesFilesOfEachFolderByUris) {
  const auto uris = [](std::string_view folder) {
    const auto log =
        JsonDocument::parse(problems_sarif(problems(), {folder, "1.2.3", {}}));
    return uris_of(run_of(*log)).front();
  };
  EXPECT_EQ(uris("."), "a.yaml");
  EXPECT_EQ(uris("./maps/"), "maps/a.yaml");
  EXPECT_EQ(uris("../maps"), "../maps/a.yaml");
  EXPECT_EQ(uris("/srv/our maps/f\xC3\xBCr"),
            "file:///srv/our%20maps/f%C3%BCr/a.yaml");
}

TEST(MapFormatTest, CountsColumnsInCharacters) {
  const auto column = [](std::string_view text) {
    const auto log = JsonDocument::parse(
        problems_sarif({{LintRule::type, "a.yaml:2:6", "wrong"}},
                       {"maps", "1.2.3", {{"a.yaml", std::string(text)}}}));
    return std::string(run_of(*log)
                           .find("results.locations.physicalLocation.region."
                                 "startColumn")
                           .text());
  };
  EXPECT_EQ(column("map:\nabcd: x\n"), "6");
  EXPECT_EQ(column("map:\na\xC3\xBC\xC3\xBC: x\n"), "4");
  EXPECT_EQ(column("map:\n"), "1");
  EXPECT_EQ(column(""), "6");
}

// A folder has no lines.
TEST(MapFormatTest, PlacesWhatIsWrongWithAFolder) {
  const auto log = JsonDocument::parse(problems_sarif(
      {{LintRule::no_map, ".", "nothing"}}, {"mappings", "1.2.3", {}}));
  ASSERT_TRUE(log.ok());
  const auto run = run_of(*log);
  EXPECT_THAT(uris_of(run), testing::ElementsAre("mappings/"));
  EXPECT_FALSE(run.find("results.locations.physicalLocation.region").exists());
}

TEST(MapFormatTest, SaysThatARunCameToNoAnswer) {
  const auto log = JsonDocument::parse(
      failure_sarif("no such folder", 3, {{}, "1.2.3", {}}));
  ASSERT_TRUE(log.ok());
  const auto run = run_of(*log);
  EXPECT_EQ(run.get("results").size(), 0U);
  EXPECT_EQ(run.find("invocations.executionSuccessful").text(), "false");
  EXPECT_EQ(run.find("invocations.exitCode").text(), "3");
  EXPECT_EQ(
      run.find("invocations.toolExecutionNotifications.message.text").text(),
      "no such folder");
}

}  // namespace
}  // namespace gateway::map
