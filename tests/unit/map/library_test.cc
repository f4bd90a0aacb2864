#include "map/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
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

TEST(LibraryTest, EventsHaveOneMap) {
  const std::string head =
      "version: '1'\nsource: REF_I12\nevents: [REF^I12]\n"
      "emit: { p: { resourceType: P } }\n";
  const auto loaded = load_library(
      {{"a.yaml", "map: a\n" + head}, {"b.yaml", "map: b\n" + head}}, nullptr);
  EXPECT_THAT(problems_of(loaded), HasSubstr("\"a\" maps REF^I12 too"));
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
