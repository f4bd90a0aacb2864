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
using testing::MatchesRegex;
using testing::Not;

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

// How often `text` says that.
std::size_t times(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos;
       at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(MapDiffTest, TheSameMapsChangeNothing) {
  EXPECT_THAT(diff(""), MatchesRegex("2 of 2 messages and [0-9]+ of [0-9]+ "
                                     "documents: no change\nexit 0"));
}

TEST_F(MapDiffTest, AFolderWithoutMessagesIsASlip) {
  fs::remove_all(site_.path("messages"));
  const auto text = diff("");
  EXPECT_THAT(text, HasSubstr("there are no messages"));
  EXPECT_THAT(text, Not(HasSubstr("exit 0")));
}

// A message that says less leaves the rest of what is known as it is: here the
// coverage, without which there is no claim.
TEST_F(MapDiffTest, BillsByWhatMessagesSayTogether) {
  const auto update =
      with(sample_message("ADT_A01/registered.hl7"), "ADT^A04", "ADT^A08");
  site_.write("messages/1-update.hl7",
              with(update, "Bayou Works|20250101|||WC|", "|||||"));
  site_.change("mappings/tables/repeat-frequency.csv", "3XW,3", "3XW,2");
  EXPECT_THAT(diff(""),
              HasSubstr("  - claim 2026-04-06 active 97545x1 97546x1 302.00"));
}

TEST_F(MapDiffTest, ShowsHoldsUnitsAndDollars) {
  // Three times a week, read as two.
  site_.change("mappings/tables/repeat-frequency.csv", "3XW,3", "3XW,2");
  const auto text = diff("");
  EXPECT_THAT(text, HasSubstr("cause  tables/repeat-frequency.csv:"));
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

// With packs that were named but cannot be read, nothing was compared.
TEST_F(MapDiffTest, BillsByThePacksThatAreNamed) {
  fs::remove(site_.path("config/gateway.yaml"));
  EXPECT_THAT(diff(""), HasSubstr("exit 3"));
}

// By any of its numbers, as the gateway knows it.
TEST_F(MapDiffTest, KnowsWhatIsStoredByEachOfItsNumbers) {
  site_.write("messages/1-referral.hl7",
              with(sample_message("REF_I12/ordered.hl7"), "P-100^^^EHR^MR",
                   "P-100^^^EHR^MR~P-9^^^OTHER^MR"));
  site_.write("messages/2-session.hl7",
              with(with(sample_message("ADT_A03/session.hl7"), "P-100^^^EHR^MR",
                        "P-9^^^OTHER^MR"),
                   "R-77^^^EHR", "X-1^^^HIE"));
  site_.change("mappings/tables/repeat-frequency.csv", "3XW,3", "3XW,2");
  EXPECT_THAT(diff(""), HasSubstr("  - claim 2026-04-06 active 97545x1 97546x1 "
                                  "302.00\n"));
}

// Many patients cost no more than each of them.
TEST_F(MapDiffTest, BillsEachPatientApart) {
  for (int i = 1; i <= 30; ++i) {
    const auto number = std::to_string(1000 + i);
    const auto own = [&](const std::string& text) {
      auto made = with(text, "P-100^^^EHR", "P-" + number + "^^^EHR");
      made = with(made, "R-77^EHR", "R-" + number + "^EHR");
      made = with(made, "X-1^HIE", "X-" + number + "^HIE");
      return with(made, "A-5521^GULF", "A-" + number + "^GULF");
    };
    site_.write("messages/" + number + "-a.hl7",
                own(sample_message("REF_I12/ordered.hl7")));
  }
  site_.change("mappings/tables/repeat-frequency.csv", "3XW,3", "3XW,2");
  const auto text = diff("");
  EXPECT_EQ(times(text, "effect  behind 1"), 31U) << text;
  EXPECT_THAT(text, HasSubstr("effect  behind 2-session.hl7"));
}

// Each change of the shipped maps is one cause, with all that it does below it.
TEST_F(MapDiffTest, LaysEachChangeToItsOneCause) {
  struct Edit {
    std::string file;
    std::string old;
    std::string now;
    std::string cause;   // its place and text, without the line
    std::string change;  // that stands below it
  };
  const std::vector<Edit> edits{
      {"emit/claim.yaml", "    use: =claim", "    use: =predetermination",
       "Claim.use is said otherwise", "  changed  Claim.use  in "},
      {"emit/claim.yaml", "        modifier:\n",
       "        revenue:\n          text: =none\n        modifier:\n",
       "Claim.item.revenue is new", "  gained  Claim.item.revenue.text  in "},
      {"emit/encounter.yaml",
       "    length:\n      value: minutes\n      unit: =min\n      system: "
       "=http://unitsofmeasure.org\n      code: =min\n",
       "", "Encounter.length is gone", "  lost  Encounter.length.value  in "},
      {"emit/parts.yaml", "plan-key:\n", "plan-key:\n    use: =usual\n",
       "identifier.use is new", "  gained  Claim.identifier.use  in "},
      {"tables/repeat-frequency.csv", "3XW,3", "3XW,2",
       "the row 3XW says something else",
       "  changed  ServiceRequest.occurrenceTiming.repeat.frequency  in 1 of "
       "2"},
      {"hl7v2/settings.yaml", "https://workgate.example/fhir/sid/v2/",
       "https://other.example/v2/", "the setting namespace is another",
       "  changed  Patient.identifier.system  in "},
      {"hl7v2/settings.yaml", "first(IN1-36, IN1-8, IN2-61, ACC-13)", "IN1-2",
       "the choice claim-number is another",
       "  changed  Coverage.identifier.value  in "}};
  for (const auto& edit : edits) {
    const ScratchSite site;
    fs::remove_all(site_.path("mappings"));
    fs::copy(site.path("mappings"), site_.path("mappings"),
             fs::copy_options::recursive);
    site_.change("mappings/" + edit.file, edit.old, edit.now);
    const auto text = diff("");
    EXPECT_THAT(text, HasSubstr("cause  " + edit.file + ":")) << edit.cause;
    EXPECT_THAT(text, HasSubstr(edit.cause + ", in ")) << edit.file;
    EXPECT_THAT(text, HasSubstr(edit.change));
    EXPECT_EQ(times(text, "cause  "), 1U) << text;
  }
}

TEST_F(MapDiffTest, LooksIntoThePartnersFile) {
  fs::create_directory(site_.path("mappings/partners"));
  site_.write("mappings/partners/mercy.yaml",
              "partner: mercy\nsettings:\n  namespace: urn:mercy\n");
  EXPECT_THAT(diff(""), HasSubstr("no change\nexit 0"));
  const auto text = diff("--partner mercy");
  EXPECT_THAT(text, HasSubstr("cause  partners/mercy.yaml:3  the setting "
                              "namespace is another, in 2 of 2 messages\n"));
  EXPECT_EQ(times(text, "cause  "), 1U) << text;
}

}  // namespace
}  // namespace gateway::integration
