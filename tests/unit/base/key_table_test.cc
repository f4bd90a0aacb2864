#include "base/key_table.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(KeyTableTest, NumbersNamesInOrder) {
  KeyTable table({"id", "meta", "name"});
  EXPECT_EQ(table.find("meta"), 1U);
  EXPECT_EQ(table.name(2), "name");
  EXPECT_EQ(table.find("other"), kNoKey);
  EXPECT_EQ(table.intern("other"), 3U);
  EXPECT_EQ(table.intern("id"), 0U);
  EXPECT_EQ(KeyTable::none().find("id"), kNoKey);
}

TEST(KeyTableTest, GrowsWithoutLosingNames) {
  KeyTable table;
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(table.intern("name" + std::to_string(i)), static_cast<KeyId>(i));
  }
  for (int i = 0; i < 5000; ++i) {
    ASSERT_EQ(table.find("name" + std::to_string(i)), static_cast<KeyId>(i));
  }
}

}  // namespace
}  // namespace gateway
