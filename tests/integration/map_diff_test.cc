// `workgate map diff` as its users have it: what other maps would change of
// values, holds, units and dollars.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/json.h"
#include "folders.h"
#include "integration/running_gateway.h"
#include "integration/scratch_site.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class MapDiffTest : public testing::Test {
 protected:
  MapDiffTest() {
    fs::create_directory(site_.path("messages"));
    site_.write("messages/1-referral.hl7",
                sample_message("REF_I12/ordered.hl7"));
    site_.write("messages/2-session.hl7",
                sample_message("ADT_A03/session.hl7"));
  }
  // What it prints, and its exit code behind it.
  std::string diff(const std::string& more) {
    const auto command = std::string(GATEWAY_BINARY_DIR) +
                         "/workgate map diff " + GATEWAY_SOURCE_DIR +
                         "/mappings " + site_.path("mappings") + " --config " +
                         site_.path("config/gateway.yaml") + " --messages " +
                         site_.path("messages") + " " + more + " 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    std::string text;
    std::array<char, 4096> buffer{};
    while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
      text += buffer.data();
    }
    return text + "exit " + std::to_string(WEXITSTATUS(pclose(pipe)));
  }

  ScratchSite site_;
};

TEST_F(MapDiffTest, TheSameMapsChangeNothing) {
  EXPECT_EQ(diff(""), "2 messages: no change\nexit 0");
}

TEST_F(MapDiffTest, AFolderWithoutMessagesIsASlip) {
  fs::remove_all(site_.path("messages"));
  const auto text = diff("");
  EXPECT_THAT(text, HasSubstr("there are no messages"));
  EXPECT_THAT(text, testing::Not(HasSubstr("exit 0")));
}

TEST_F(MapDiffTest, ShowsHoldsUnitsAndDollars) {
  // Three times a week, read as two.
  site_.change("mappings/tables/repeat-frequency.csv", "3XW,3", "3XW,2");
  const auto text = diff("");
  EXPECT_THAT(text, HasSubstr("changed  ServiceRequest.occurrenceTiming.repeat."
                              "frequency  in 1 of 2"));
  EXPECT_THAT(text, HasSubstr("effect  behind 1-referral.hl7"));
  EXPECT_THAT(text, HasSubstr("  + hold correct-referral "
                              "clinic-work-conditioning/A4\n"));
  EXPECT_THAT(text, HasSubstr("effect  behind 2-session.hl7"));
  EXPECT_THAT(text, HasSubstr("  - claim 2026-04-06 active 97545x1 97546x1 "
                              "302.00\n"));
  EXPECT_THAT(text, HasSubstr("  + claim 2026-04-06 draft 97545x1 97546x1 "
                              "302.00\n"));
  EXPECT_THAT(text, HasSubstr("exit 1"));
}

TEST_F(MapDiffTest, SaysItToMachinesToo) {
  // The session ends where it begins.
  site_.change("mappings/hl7v2/segments/visit.yaml",
               "PV1-45.substring(0, 8), PV1-45)",
               "PV1-45.substring(0, 8), PV1-44)");
  const auto text = diff("--json");
  const auto json = JsonDocument::parse(text.substr(0, text.rfind("exit")));
  ASSERT_TRUE(json.ok()) << text;
  EXPECT_EQ(json->root().get("messages").text(), "2");
  const Json effect = json->root().get("effects").first();
  EXPECT_EQ(effect.get("message").text(), "2-session.hl7");
  EXPECT_EQ(effect.find("before.units").text(), "2");
  EXPECT_EQ(effect.find("before.total").text(), "302.00");
  EXPECT_NE(effect.find("after.total").text(), "302.00") << text;
}

}  // namespace
}  // namespace gateway::integration
