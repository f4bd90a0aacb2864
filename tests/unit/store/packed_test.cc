#include "store/packed.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace gateway::store {
namespace {

TEST(PackedTest, GivesBackWhatWasPacked) {
  const std::uint64_t numbers[] = {0,   1,           127,       128,
                                   300, 1ULL << 35U, UINT64_MAX};
  std::string packed;
  for (const auto number : numbers) pack(packed, number);
  pack(packed, std::string_view());
  pack(packed, std::string_view("a\0b", 3));
  Unpacker unpacker(packed);
  for (const auto number : numbers) EXPECT_EQ(unpacker.number(), number);
  EXPECT_EQ(unpacker.text(), "");
  EXPECT_EQ(unpacker.text(), std::string_view("a\0b", 3));
  EXPECT_TRUE(unpacker.at_end());
  EXPECT_EQ(unpacker.number(), std::nullopt);
  EXPECT_EQ(unpacker.text(), std::nullopt);
}

TEST(PackedTest, DamagedBytesEndTheReading) {
  for (const std::string& damaged :
       {std::string("\x05"
                    "ab"),
        std::string("\xFF"), std::string(11, '\xFF')}) {
    Unpacker unpacker(damaged);
    EXPECT_EQ(unpacker.text(), std::nullopt);
    EXPECT_TRUE(unpacker.at_end());
  }
}

}  // namespace
}  // namespace gateway::store
