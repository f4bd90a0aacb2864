#include "base/tree_builder.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(TreeBuilderTest, BuildsATreeOverOtherText) {
  TreeBuilder builder("PID|1|A~B");
  builder.begin_object("", {0, 9});
  builder.add("set", JsonKind::string, "1", {4, 5});
  builder.begin_array("names", {6, 9});
  builder.add("", JsonKind::string, "A", {6, 7});
  builder.add("", JsonKind::string, "B", {8, 9});
  builder.end();
  builder.add("last", JsonKind::string, "", {9, 9});
  builder.end();
  const auto document = builder.finish();
  const Json names = document.root().get("names");
  EXPECT_EQ(names.size(), 2U);
  EXPECT_EQ(names.at(1).text(), "B");
  EXPECT_EQ(names.at(1).raw(), "B");
  EXPECT_EQ(names.raw(), "A~B");
  EXPECT_EQ(names.next().name(), "last");
  EXPECT_FALSE(names.next().next().exists());
}

}  // namespace
}  // namespace gateway
