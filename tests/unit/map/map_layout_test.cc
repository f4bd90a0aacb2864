#include "map/map_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"
#include "map/library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

// The one form of `text`, which is its own one form.
std::string form(std::string_view text) {
  const auto out = laid_out(text, "a.yaml");
  if (!out.ok()) return out.error().message;
  EXPECT_EQ(*laid_out(*out, "a.yaml"), *out);
  return *out;
}

TEST(MapLayoutTest, IndentsByTwo) {
  EXPECT_EQ(form("emit:\r\n"
                 "        Patient:\n"
                 "            name:   PID-5\n"
                 "        List:\n"
                 "        -   a:   1\n"
                 "            b: 2\n"
                 "        - - x\n"
                 "          - y\n"
                 "last: 1"),
            "emit:\n"
            "  Patient:\n"
            "    name: PID-5\n"
            "  List:\n"
            "    - a: 1\n"
            "      b: 2\n"
            "    - - x\n"
            "      - y\n"
            "last: 1\n");
}

TEST(MapLayoutTest, KeepsTextsOfManyLines) {
  EXPECT_EQ(form("a: |\n"
                 "     x  \n"
                 "       y\n"
                 "\n"
                 "\n"
                 "     z\n"
                 "b: \"one   two\n"
                 "       three\"\n"
                 "c: plain\n"
                 "     text\n"),
            "a: |\n"
            "  x  \n"
            "    y\n"
            "\n"
            "\n"
            "  z\n"
            "b: \"one   two\n"
            "  three\"\n"
            "c: plain\n"
            "  text\n");
}

TEST(MapLayoutTest, LeavesCommentsWithWhatTheyAreAbout) {
  EXPECT_EQ(form("\n\n# head\na:\n"
                 "    # of b\n"
                 "    b: 1   # when\n"
                 "    # still of a\n"
                 "\n\n\n"
                 "# of c\n"
                 "c: 2\n"
                 "# end\n\n"),
            "# head\na:\n"
            "  # of b\n"
            "  b: 1   # when\n"
            "  # still of a\n"
            "\n"
            "# of c\n"
            "c: 2\n"
            "# end\n");
  EXPECT_EQ(form(""), "");
}

TEST(MapLayoutTest, RefusesWhatItWouldChange) {
  EXPECT_THAT(form("a: 1\n\tb: 2\n"), HasSubstr("a.yaml:2:1: "));
  EXPECT_THAT(form("a: |2\n   x\n  y\n"), HasSubstr("a.yaml:1:1: "));
}

TEST(MapLayoutTest, OurOwnMapsAreInIt) {
  const auto files =
      read_map_folder(std::string(GATEWAY_SOURCE_DIR) + "/mappings");
  ASSERT_TRUE(files.ok());
  int maps = 0;
  for (const auto& file : *files) {
    if (!file.name.ends_with(".yaml")) continue;
    EXPECT_EQ(*laid_out(file.text, file.name), file.text) << file.name;
    ++maps;
  }
  EXPECT_GT(maps, 20);
}

}  // namespace
}  // namespace gateway::map
