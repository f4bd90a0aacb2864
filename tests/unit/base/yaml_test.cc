#include "base/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(YamlTest, KnowsWhereThingsStand) {
  const auto root = *Yaml::parse("a: 1\nb:\n  - x\n  - 'true'\n", "f.yaml");
  EXPECT_EQ(root.get("a").scalar(), "1");
  EXPECT_EQ(root.get("b").items().size(), 2U);
  EXPECT_EQ(root.get("b").items()[1].place(), "f.yaml:4:5");
  EXPECT_TRUE(root.get("b").items()[1].quoted());
  EXPECT_FALSE(root.get("b").items()[0].quoted());
  EXPECT_FALSE(root.get("c").get("d").exists());
}

TEST(YamlTest, RefusesWithThePlace) {
  const auto twice = Yaml::parse("a: 1\nb: 2\na: 3\n", "f.yaml");
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().message, StartsWith("f.yaml:3:1: "));
  const auto broken = Yaml::parse("a: [1\nb: 2", "f.yaml");
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, StartsWith("f.yaml:2:"));
  const auto latin = Yaml::parse("a: 1\nb: caf\xE9\n", "f.yaml");
  ASSERT_FALSE(latin);
  EXPECT_THAT(latin.error().message, StartsWith("f.yaml:2:7: not YAML: the "
                                                "text is not UTF-8"));
  EXPECT_FALSE(Yaml::parse("a: 1\n---\nb: 2\n", "f.yaml"));
  EXPECT_FALSE(Yaml::parse(std::string(5U << 20U, ' '), "f.yaml"));
}

TEST(YamlTest, BoundsAliases) {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int n = 0; n < 10; ++n) text += (n > 0 ? "," : "") + before;
    text += "]\n";
  }
  const auto bomb = Yaml::parse(text, "f.yaml");
  ASSERT_FALSE(bomb);
  EXPECT_THAT(bomb.error().message, HasSubstr("too large"));
}

TEST(YamlTest, BoundsDepthThroughAliases) {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 100; ++i) {
    const auto number = std::to_string(i);
    text +=
        "a" + number + ": &a" + number + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_FALSE(Yaml::parse(text, "f.yaml"));
  EXPECT_FALSE(Yaml::parse(std::string(100, '[') + std::string(100, ']'), ""));
  EXPECT_TRUE(Yaml::parse(std::string(60, '[') + std::string(60, ']'), ""));
}

TEST(YamlTest, FollowsAliases) {
  const auto root = *Yaml::parse("a: &x {b: 1}\nc: *x\nd: *x\n", "f.yaml");
  EXPECT_EQ(root.get("c").get("b").scalar(), "1");
  EXPECT_EQ(root.get("d").get("b").place(), "f.yaml:1:11");
  EXPECT_FALSE(Yaml::parse("a: &x [*x]", "f.yaml"));
}

// What is no document at all once made yaml-cpp's loader build empty ones
// without end, until memory was gone.
TEST(YamlTest, EndsOnStrayFlowIndicators) {
  for (const std::string base : {"!i,ex}", "a,b", "!,", "&a]", "1}", "#\n,"}) {
    for (int byte = 0; byte < 256; ++byte) {
      for (std::size_t at = 0; at <= base.size(); ++at) {
        auto text = base;
        text.insert(text.begin() + static_cast<std::ptrdiff_t>(at),
                    static_cast<char>(byte));
        const auto parsed = Yaml::parse(text, "f.yaml");
        if (parsed) continue;
        EXPECT_THAT(parsed.error().message, StartsWith("f.yaml:"));
      }
    }
  }
  EXPECT_FALSE(Yaml::parse("!i,ex}", "f.yaml"));
  EXPECT_FALSE(Yaml::parse("a: 1\n}", "f.yaml"));
}

TEST(YamlTest, RefusesTagsAndKeysThatAreNoText) {
  const auto tagged = Yaml::parse("a: !!binary aGk=", "f.yaml");
  ASSERT_FALSE(tagged);
  EXPECT_THAT(tagged.error().message, StartsWith("f.yaml:1:"));
  EXPECT_FALSE(Yaml::parse("{[a]: b}", "f.yaml"));
  EXPECT_FALSE(Yaml::parse("? {a: b}\n: c", "f.yaml"));
}

TEST(YamlTest, ReadsNothingAsNull) {
  EXPECT_EQ(Yaml::parse("", "f.yaml")->kind(), Yaml::Kind::null);
  EXPECT_EQ(Yaml::parse("# only this\n", "f.yaml")->kind(), Yaml::Kind::null);
  EXPECT_EQ(Yaml::parse("a:\nb: ~", "f.yaml")->get("a").kind(),
            Yaml::Kind::null);
}

TEST(YamlTest, NamesAFileThatIsMissing) {
  EXPECT_FALSE(Yaml::read("/nowhere/at-all.yaml"));
}

}  // namespace
}  // namespace gateway
