#include "map/entries.h"

#include <gtest/gtest.h>

namespace gateway::map {
namespace {

CheckedMap map_of(std::uint32_t emissions) {
  CheckedMap map;
  map.emission_count = emissions;
  return map;
}

Emission emission(std::uint32_t id) {
  Emission made;
  made.id = id;
  made.type = "Patient";
  return made;
}

TEST(EntriesTest, NumbersFollowTheOrderOfWhatIsAdded) {
  Entries entries(map_of(2));
  EXPECT_EQ(entries.next(), 1U);
  entries.add(emission(0), {0, 9});
  entries.add(emission(1), {0, 9});
  EXPECT_EQ(entries.next(), 3U);
  EXPECT_EQ(entries.visible(1).first->number, 2U);
}

TEST(EntriesTest, AnEqualResourceIsTheSameEntry) {
  Entries entries(map_of(1));
  EXPECT_FALSE(entries.repeated("a{1}", 1));
  entries.add(emission(0), {0, 9});
  EXPECT_FALSE(entries.repeated("a{1}{2}", 4));
  entries.add(emission(0), {0, 9});
  EXPECT_EQ(entries.repeated("a{1}{2}{1}", 7), 1U);
  EXPECT_EQ(entries.repeated("a{1}{2}{2}", 7), 2U);
}

TEST(EntriesTest, ATurnSeesItsOwnAndTheEndSeesAll) {
  Entries entries(map_of(1));
  Emission group;
  group.inner.push_back(emission(0));
  entries.begin_turn(group);
  entries.add(group.inner[0], {0, 4});
  entries.begin_turn(group);
  EXPECT_TRUE(entries.visible(0).empty());
  entries.add(group.inner[0], {5, 9});
  EXPECT_EQ(entries.visible(0).first->number, 2U);
  entries.end_turns(group);
  EXPECT_EQ(entries.visible(0).first->number, 1U);
}

TEST(EntriesTest, TheNearestStandsOnTheSamePlace) {
  Entries entries(map_of(1));
  entries.add(emission(0), {0, 4});
  entries.add(emission(0), {5, 9});
  const auto visible = entries.visible(0);
  EXPECT_EQ(visible.nearest({5, 9})->number, 2U);
  EXPECT_EQ(visible.nearest({5, 20})->number, 2U);  // around it
  EXPECT_EQ(visible.nearest({6, 7})->number, 2U);   // within it
  EXPECT_EQ(visible.nearest({30, 40})->number, 1U);
}

}  // namespace
}  // namespace gateway::map
