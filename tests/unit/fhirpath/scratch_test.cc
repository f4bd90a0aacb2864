#include "fhirpath/scratch.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Scratch, ArenaStopsAtItsLimitAndStartsAgain) {
  Arena arena;
  EXPECT_NE(arena.take(60, 100), nullptr);
  EXPECT_EQ(arena.take(60, 100), nullptr);
  arena.reset();
  EXPECT_NE(arena.take(60, 100), nullptr);
  EXPECT_NE(arena.take(100'000, 1U << 20U), nullptr);
}

TEST(Scratch, StackGrowsToItsLimitAndKeepsItsValues) {
  ValueStack stack;
  constexpr std::uint32_t kMost = 1000;
  for (std::int64_t i = 0; i < kMost; ++i) {
    if (stack.room() == 0) {
      ASSERT_TRUE(stack.grow(kMost));
    }
    stack.push(Value::of(i));
  }
  EXPECT_EQ(stack.room(), 0U);
  EXPECT_FALSE(stack.grow(kMost));
  EXPECT_EQ(stack[999].integer(), 999);
}

}  // namespace
}  // namespace gateway::fhirpath
