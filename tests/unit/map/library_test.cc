#include "map/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "map/overlay.h"
#include "parse/hl7v2_tree.h"
#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

TEST(LibraryTest, RefusesAsAWhole) {
  const auto twice = load_library({{"a.yaml", "parts: { X: { a: =1 } }\n"},
                                   {"b.yaml", "parts: { X: { a: =2 } }\n"},
                                   {"tables/t.csv", "from\n"},
                                   {"c.yaml", "what: 1\n"},
                                   {"d.yaml", "a: [\n"}},
                                  nullptr);
  EXPECT_EQ(twice.library, nullptr);
  const auto problems = problems_of(twice);
  EXPECT_THAT(problems, HasSubstr("b.yaml:1:10: there is another part \"X\""));
  EXPECT_THAT(problems, HasSubstr("tables/t.csv:1:1: a table begins"));
  EXPECT_THAT(problems, HasSubstr("c.yaml:1:1: a file has"));
  EXPECT_THAT(problems, HasSubstr("d.yaml:"));
}

TEST(LibraryTest, TellsAMistakeOfAPartOnce) {
  if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  const auto loaded = load_library(
      files_with(
          "  a: { resourceType: Patient, name: [{ $use: N }] }\n"
          "  b: { resourceType: Practitioner, name: [{ $use: N }] }\n",
          {{"n.yaml", "parts: { N: { famly: PID-5, use: PID-9.x } }\n"}}),
      r4());
  EXPECT_EQ(loaded.problems.size(), 2U) << problems_of(loaded);
  EXPECT_THAT(problems_of(loaded), HasSubstr("did you mean family?"));
}

// What uses a broken table or stands in a map without a source is not wrong.
TEST(LibraryTest, TellsNothingThatFollowsFromAMistake) {
  if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  const auto table = load_library(
      files_with("  p:\n    resourceType: Patient\n    gender: { $from: PID-8, "
                 "$table: sex, $onUnmapped: omit }\n",
                 {{"tables/sex.csv", "from,to\nF,female\nF,male\n"}}),
      r4());
  EXPECT_EQ(table.library, nullptr);
  EXPECT_EQ(problems_of(table), "tables/sex.csv:3:1: two rows for \"F\"\n");
  const auto unknown = load_library(
      files_with("  p:\n    resourceType: Patient\n    gender: { $from: PID-8, "
                 "$table: sexx, $onUnmapped: omit }\n",
                 {{"tables/sex.csv", "from,to\nF,female\n"}}),
      r4());
  EXPECT_EQ(problems_of(unknown),
            "m.yaml:8:37: there is no table \"sexx\"; did you mean sex?\n");
  const auto source = load_library(
      {{"m.yaml",
        "map: m\nversion: '1'\nsource: REF_I21\nevents: [REF^I12]\nemit:\n"
        "  p: { $from: PID-3, resourceType: Patient, id: .13 }\n"}},
      r4());
  EXPECT_EQ(problems_of(source),
            "m.yaml:3:9: \"REF_I21\" is no message structure; did you mean "
            "REF_I12?\n");
}

TEST(LibraryTest, EventsHaveOneMap) {
  const std::string head =
      "version: '1'\nsource: REF_I12\nevents: [REF^I12]\n"
      "emit: { p: { resourceType: P } }\n";
  const auto loaded = load_library(
      {{"a.yaml", "map: a\n" + head}, {"b.yaml", "map: b\n" + head}}, nullptr);
  EXPECT_THAT(problems_of(loaded), HasSubstr("\"a\" maps REF^I12 too"));
}

TEST(LibraryTest, ConditionsChooseAmongTheMapsOfAnEvent) {
  const auto file = [](const std::string& name, const std::string& when) {
    return MapFile{name + ".yaml",
                   "map: " + name + "\nversion: '1'\nsource: REF_I12\n" + when +
                       "events: [REF^I12]\nemit: { p: { resourceType: P } }\n"};
  };
  const auto loaded =
      load_library({file("a", ""), file("b", "when: PID-8 = 'F'\n"),
                    file("c", "when: PID-8 = 'M'\n")},
                   nullptr);
  ASSERT_NE(loaded.library, nullptr) << problems_of(loaded);
  const auto chosen = [&](const std::string& sex) {
    const auto message = parse::Hl7v2Message::parse(
        "MSH|^~\\&|A|B|C|D|2026||REF^I12|1|P|2.5.1\r"
        "PID|1||P||Doe|||" +
        sex + "\r");
    const auto tree = parse::tree_of(*message);
    return loaded.library
        ->for_message("REF^I12", tree.root(), *loaded.library->plain)
        ->name;
  };
  EXPECT_EQ(chosen("F"), "b");
  EXPECT_EQ(chosen("M"), "c");
  EXPECT_EQ(chosen("X"), "a");
}

TEST(LibraryTest, HashesItsFiles) {
  const auto one = load_library({{"a.yaml", "note: 1\n"}}, nullptr);
  const auto other = load_library({{"a.yaml", "note: 2\n"}}, nullptr);
  ASSERT_NE(one.library, nullptr);
  EXPECT_EQ(one.library->hash.size(), 64U);
  EXPECT_NE(one.library->hash, other.library->hash);
}

TEST(LibraryTest, ReadsTheFolderThatIsShipped) {
  const auto files =
      read_map_folder(std::string(GATEWAY_SOURCE_DIR) + "/mappings");
  ASSERT_TRUE(files.ok());
  const auto loaded = load_library(*files, r4());
  EXPECT_EQ(problems_of(loaded), "");
  EXPECT_FALSE(read_map_folder("/nowhere/at/all").ok());
}

}  // namespace
}  // namespace gateway::map
