#include "base/heap.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <string>
#include <vector>

namespace gateway {
namespace {

// What was taken from the system once is there when it is needed again.
TEST(HeapTest, KeepsWhatItTookFromTheSystem) {
  if (!set_heap()) GTEST_SKIP() << "this allocator takes no advice";
  std::vector<std::string> blocks;
  for (int i = 0; i < 1000; ++i) blocks.emplace_back(50'000, 'x');
  const auto taken = mallinfo2().arena;
  EXPECT_GT(taken, 50'000'000U);
  blocks.clear();
  EXPECT_EQ(mallinfo2().arena, taken);
}

}  // namespace
}  // namespace gateway
