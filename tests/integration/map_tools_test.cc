// The tools of map writers as their users have them: people, and programs that
// read JSON and SARIF.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "folders.h"
#include "integration/running_gateway.h"
#include "integration/scratch_site.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// What `workgate` prints, and its exit code behind it.
std::string output_of(const std::string& words) {
  const auto command = std::string(GATEWAY_BINARY_DIR) + "/workgate " + words;
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    text += buffer.data();
  }
  return text + "exit " + std::to_string(WEXITSTATUS(pclose(pipe)));
}

std::string map_tool(const std::string& words) {
  return output_of("map " + words + " 2>&1");
}

TEST(MapToolsTest, AFolderWithoutAMapIsNotInOrder) {
  const ScratchSite site;
  const auto folder = site.path("nothing");
  fs::create_directory(folder);
  EXPECT_THAT(map_tool("lint " + folder),
              HasSubstr("there is no map in " + folder));
  for (const std::string& words :
       {"lint " + folder, "test " + folder, "coverage " + folder,
        "lint " + folder + " --json"}) {
    EXPECT_THAT(map_tool(words), HasSubstr("exit 1")) << words;
  }
  EXPECT_THAT(map_tool("lint " + site.path("mappings")),
              HasSubstr("no problems\nexit 0"));
}

TEST(MapToolsTest, WhatIsNotThereIsNotTheAnswerNo) {
  const ScratchSite site;
  const auto maps = site.path("mappings");
  const auto none = site.path("none");
  const auto message = " " + maps + "/hl7v2/messages/cases/REF_I12/ordered.hl7";
  for (const std::string& words :
       {"lint " + none, "test " + none, "coverage " + none, "fmt " + none,
        "diff " + none + " " + maps, "diff " + maps + " " + none,
        "run auto" + message + " --maps " + none,
        "run auto " + none + ".hl7 --maps " + maps}) {
    EXPECT_THAT(map_tool(words), HasSubstr("exit 3")) << words;
  }
  for (const std::string& words :
       {"lint " + maps + " more", "run auto" + message + " more",
        "run auto" + message + " --partner nobody --maps " + maps}) {
    EXPECT_THAT(map_tool(words), HasSubstr("exit 2")) << words;
  }
}

TEST(MapToolsTest, ACaseOfAnUnknownPartnerDoesNotHold) {
  ScratchSite site;
  const std::string one = "mappings/hl7v2/messages/cases/REF_I12/ordered";
  site.write(one + ".partner", "nosuch\n");
  EXPECT_THAT(map_tool("test " + site.path("mappings")),
              HasSubstr("no file in partners/ is for nosuch"));
}

// What nobody would miss is said: no cases, and a partner that is nobody's.
TEST(MapToolsTest, NothingIsSaidOfNothing) {
  ScratchSite site;
  const auto maps = site.path("mappings");
  const auto bare = site.path("bare");
  fs::copy(maps, bare, fs::copy_options::recursive);
  fs::remove_all(bare + "/hl7v2/messages/cases");
  fs::remove_all(bare + "/emit/cases");
  for (const std::string& words :
       {"test " + bare, "coverage " + bare, "diff " + maps + " " + bare}) {
    EXPECT_THAT(map_tool(words), HasSubstr(bare + ": there are no cases here"))
        << words;
  }
  const std::string one = "mappings/hl7v2/messages/cases/REF_I12/ordered";
  site.write(one + ".partner", "nosuch\n");
  fs::create_directory(site.path("mappings/partners"));
  site.write("mappings/partners/mercy.yaml", "partner: mercy\n");
  for (const std::string& words :
       {"coverage " + maps, "diff " + maps + " " + maps}) {
    EXPECT_THAT(
        map_tool(words),
        HasSubstr("REF_I12/ordered: no file in partners/ is for nosuch"))
        << words;
    EXPECT_THAT(map_tool(words + " --partner mercy"),
                HasSubstr("whose the messages of --messages are"))
        << words;
  }
}

// Of a refused message no rule tells why something is not there.
TEST(MapToolsTest, TraceSaysThatAMessageIsRefused) {
  ScratchSite site;
  const auto maps = " --maps " + site.path("mappings");
  const auto text = sample_message("REF_I12/ordered.hl7");
  site.write("two.hl7", text + "PID|2||P-7^^^EHR^MR||Poe^Ann\r");
  const auto words = "trace auto " + site.path("two.hl7");
  for (const std::string& more : {std::string(), std::string(" --why-not")}) {
    const auto said = map_tool(words + " Patient.name" + more + maps);
    EXPECT_THAT(said, HasSubstr("v2/two-patients PID[2]"));
    EXPECT_THAT(said, HasSubstr("the message is refused"));
    EXPECT_THAT(said, HasSubstr("exit 1"));
  }
}

// What a program reads on stdout, of what an exit code ends.
JsonDocument document_of(const std::string& words, int code) {
  const auto text = output_of(words + " 2>/dev/null");
  const auto end = text.rfind("exit ");
  EXPECT_EQ(text.substr(end), "exit " + std::to_string(code)) << words;
  auto document = JsonDocument::parse(text.substr(0, end));
  EXPECT_TRUE(document.ok()) << words << ": " << text;
  return document ? *std::move(document) : *JsonDocument::parse("{}");
}

TEST(MapToolsTest, AProgramFindsWhyThereIsNoAnswer) {
  ScratchSite site;
  const auto maps = site.path("mappings");
  const auto none = site.path("none");
  const auto cases = maps + "/hl7v2/messages/cases/";
  const auto message = cases + "REF_I12/ordered.hl7";
  site.write("broken.hl7", "this is no message");
  site.write("stranger.hl7", "MSH|^~\\&|||||||ZZZ^Z99|1|P|2.5.1\r");
  const std::vector<std::pair<std::string, int>> failures{
      {"map run auto " + message + " --maps " + none, 3},
      {"map run auto " + none + ".hl7 --maps " + maps, 3},
      {"map run auto " + site.path("broken.hl7") + " --maps " + maps, 1},
      {"map trace auto " + message + " Nope.x --maps " + maps, 1},
      {"map run auto " + site.path("stranger.hl7") + " --maps " + maps, 1},
      {"map run nosuch " + message + " --maps " + maps, 1},
      {"map run auto " + message + " --partner nobody --maps " + maps, 2},
      {"map trace auto " + none + ".hl7 --maps " + maps, 3},
      {"map test " + none, 3},
      {"map lint " + none, 3},
      {"map coverage " + none, 3},
      {"map coverage " + maps + " --messages " + none, 3},
      {"map coverage " + maps + " --partner nobody", 2},
      {"map fmt " + none, 3},
      {"map diff " + maps + " " + none, 3},
      {"map diff " + maps + " " + maps + " --messages " + none, 3},
      {"map diff " + maps, 2},
      {"map nosuch", 2},
      {"map", 2},
      {"map run --nosuch", 2},
      {"map lint --image " + none + " " + maps, 3},
      {"v2 " + site.path("broken.hl7"), 1},
      {"v2", 2},
      {"bill " + none, 2},
      {"validate " + none, 3},
      {"check --matrix --config " + none, 3},
      {"fhirpath (", 1},
      {"compile", 2},
  };
  for (const auto& [words, code] : failures) {
    const auto quoted = words == "fhirpath (" ? "fhirpath '('" : words;
    const auto document = document_of(quoted + " --json", code);
    const auto error = document.root().get("error");
    EXPECT_FALSE(error.get("text").text().empty()) << words;
    EXPECT_EQ(error.get("exit").text(), std::to_string(code)) << words;
    EXPECT_TRUE(document.root().get("problems").is_array()) << words;
  }
}

TEST(MapToolsTest, AProgramFindsTheProblemsOfMapsThatDoNotLoad) {
  ScratchSite site;
  const auto maps = site.path("mappings");
  site.change("mappings/emit/claim.yaml", "    use: =claim", "    ues: =claim");
  const auto message = maps + "/hl7v2/messages/cases/REF_I12/ordered.hl7";
  for (const std::string& words :
       {"map run auto " + message + " --maps " + maps,
        "map trace auto " + message + " --maps " + maps, "map test " + maps,
        "map coverage " + maps,
        "map diff " GATEWAY_SOURCE_DIR "/mappings " + maps}) {
    const auto document = document_of(words + " --json", 1);
    EXPECT_EQ(document.root().find("error.exit").text(), "1") << words;
    const auto problem = document.root().get("problems").first();
    EXPECT_EQ(problem.get("rule").text(), "map/unknown-element") << words;
    EXPECT_TRUE(problem.find("place.file").text().ends_with("emit/claim.yaml"))
        << words;
  }
}

TEST(MapToolsTest, FmtTellsAProgramOfFilesThatAreNoYaml) {
  ScratchSite site;
  site.write("mappings/broken.yaml", "map: [\n");
  site.write("mappings/wide.yaml", "parts:\n    a:   1\n");
  const auto document =
      document_of("map fmt " + site.path("mappings") + " --json", 3);
  const auto root = document.root();
  EXPECT_THAT(std::string(root.find("error.text").text()),
              HasSubstr("broken.yaml:"));
  const auto problem = root.get("problems").first();
  EXPECT_EQ(problem.find("place.file").text(), "broken.yaml");
  EXPECT_EQ(problem.get("rule").text(), "map/syntax");
  EXPECT_EQ(root.get("changed").first().text(), "wide.yaml");
}

TEST(MapToolsTest, CodeReviewFindsWhyThereIsNoAnswer) {
  const ScratchSite site;
  for (const auto& [words, code] :
       {std::pair(site.path("none"), 3), {"one two", 2}}) {
    const auto log = document_of("map lint " + words + " --sarif", code);
    const auto run = log.root().get("runs").first();
    EXPECT_EQ(run.find("invocations.executionSuccessful").text(), "false");
    EXPECT_EQ(run.find("invocations.exitCode").text(), std::to_string(code));
  }
  const auto folder = site.path("nothing");
  fs::create_directory(folder);
  const auto log = document_of("map lint " + folder + " --sarif", 1);
  EXPECT_EQ(log.root().find("runs.results.ruleId").text(), "map/no-map");
}

// No message reaches what the gateway emits: its cases alone speak for it.
TEST(MapToolsTest, CoverageKeepsOutwardMapsApart) {
  ScratchSite site;
  fs::create_directory(site.path("messages"));
  site.write("messages/1.hl7", sample_message("REF_I12/ordered.hl7"));
  const auto text = map_tool("coverage " + site.path("mappings") +
                             " --messages " + site.path("messages"));
  const auto outward = text.find("outward maps, which no message reaches: ");
  ASSERT_NE(outward, std::string::npos) << text;
  EXPECT_THAT(text, HasSubstr("1 messages mapped, 0 have no map; "));
  EXPECT_THAT(text.substr(0, outward), Not(HasSubstr("emit/")));
  // Of Claim, Encounter, EpisodeOfCare and Provenance nearly all has a case.
  EXPECT_THAT(text.substr(outward), Not(HasSubstr("reaches: 0 golden")));
  EXPECT_THAT(text.substr(outward), Not(HasSubstr("Claim.status")));
}

}  // namespace
}  // namespace gateway::integration
