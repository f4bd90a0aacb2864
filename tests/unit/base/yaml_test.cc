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

TEST(YamlTest, NamesAFileThatIsMissing) {
  EXPECT_FALSE(Yaml::read("/nowhere/at-all.yaml"));
}

}  // namespace
}  // namespace gateway
