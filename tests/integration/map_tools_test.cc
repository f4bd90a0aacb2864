// `workgate map lint` and `map coverage` as their users have them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "folders.h"
#include "integration/running_gateway.h"
#include "integration/scratch_site.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// What it prints, and its exit code behind it.
std::string map_tool(const std::string& words) {
  const auto command =
      std::string(GATEWAY_BINARY_DIR) + "/workgate map " + words + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    text += buffer.data();
  }
  return text + "exit " + std::to_string(WEXITSTATUS(pclose(pipe)));
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
