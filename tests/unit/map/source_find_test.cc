#include "map/source_find.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

Scopes message_scope() {
  return {{Scope::Kind::group, parse::structure_named("REF_I12")}};
}

TEST(SourceFindTest, FindsTextsUntilThereAreEnough) {
  const auto tree = referral("PID|1||A~~B~C\r");
  const auto path = resolve("PID-3", message_scope())->path;
  std::vector<Json> nodes;
  find_nodes(path, {tree.root()}, nodes);
  EXPECT_EQ(nodes.size(), 4U);
  Texts all;
  find_texts(path, {tree.root()}, 9, all);
  EXPECT_EQ(all.count, 3U);
  EXPECT_EQ(all.first.text(), "A");
  Texts two;
  find_texts(path, {tree.root()}, 2, two);
  EXPECT_EQ(two.count, 2U);
}

TEST(SourceFindTest, SaysWhetherATextIsAmongSome) {
  const auto tree = referral("PID|1||A~B\r");
  const auto path = resolve("PID-3", message_scope())->path;
  const auto has = [&](Chosen chosen, std::vector<std::string> texts) {
    return has_text(path, {tree.root()}, chosen, texts);
  };
  EXPECT_TRUE(has(Chosen::among, {"B"}));
  EXPECT_FALSE(has(Chosen::among, {"C"}));
  EXPECT_TRUE(has(Chosen::others, {"B"}));
  EXPECT_FALSE(has(Chosen::others, {"A", "B"}));
}

}  // namespace
}  // namespace gateway::map
