#include "server/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Usage kUsageOfTest{.synopsis = "workgate test [options] FILE",
                         .purpose = "Tests.",
                         .options = {{"file", "FILE", "a file"},
                                     {"o", "OUT", "the output"},
                                     {"json", "", "as JSON"}}};

TEST(ArgumentsTest, ReadsOptionsAndTheRest) {
  const auto parsed = Arguments::parse(
      {"--file=a", "x", "--json", "-o", "out", "--file", "b", "--", "--json"},
      kUsageOfTest);
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->all("file"), ElementsAre("a", "b"));
  EXPECT_EQ(parsed->get("file"), "b");
  EXPECT_EQ(parsed->get("o"), "out");
  EXPECT_TRUE(parsed->has("json"));
  EXPECT_THAT(parsed->rest(), ElementsAre("x", "--json"));
  EXPECT_EQ(parsed->get("absent", "otherwise"), "otherwise");
}

TEST(ArgumentsTest, NamesWhatItCannotUse) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--nothing"}, {"--file"}, {"--json=1"}}) {
    const auto parsed = Arguments::parse(words, kUsageOfTest);
    ASSERT_FALSE(parsed);
    EXPECT_THAT(parsed.error().message, HasSubstr(words[0]));
  }
}

TEST(ArgumentsTest, WritesItsHelp) {
  const auto text = help_text(kUsageOfTest);
  EXPECT_THAT(text, HasSubstr("usage: workgate test [options] FILE"));
  EXPECT_THAT(text, HasSubstr("--file FILE"));
  EXPECT_THAT(text, HasSubstr("-o OUT"));
  EXPECT_TRUE(Arguments::parse({"--help"}, kUsageOfTest)->has("help"));
}

}  // namespace
}  // namespace gateway::server
