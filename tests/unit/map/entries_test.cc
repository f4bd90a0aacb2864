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

std::optional<Entries::Known> known_of(Entries& entries, const Emission& one,
                                       Method method, const std::string& value,
                                       std::string_view result,
                                       std::size_t begin) {
  const BusinessKey key{.value = value};
  const auto at = static_cast<std::uint32_t>(begin);
  return entries.known({one, method, key, {at, at + 1}}, result, begin);
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
  const auto known = [&](std::string_view result, std::size_t begin) {
    return known_of(entries, emission(0), Method::create, "k", result, begin);
  };
  EXPECT_FALSE(known("a{1}", 1));
  entries.add(emission(0), {0, 9});
  EXPECT_FALSE(known("a{1}{2}", 4));
  entries.add(emission(0), {0, 9});
  EXPECT_EQ(known("a{1}{2}{1}", 7)->number, 1U);
  EXPECT_EQ(known("a{1}{2}{2}", 7)->number, 2U);
  EXPECT_TRUE(known("a{1}{2}{2}", 7)->is_same);
}

TEST(EntriesTest, OfTwoUpdatesOfOneKeyTheFirstStands) {
  Entries entries(map_of(1));
  const auto known = [&](std::string type, std::string key,
                         std::string_view result, std::size_t begin) {
    auto one = emission(0);
    one.type = std::move(type);
    return known_of(entries, one, Method::update, key, result, begin);
  };
  EXPECT_FALSE(known("Coverage", "k", "{1}", 0));
  entries.add(emission(0), {0, 9});
  EXPECT_FALSE(known("Coverage", "other", "{1}{2}", 3));
  EXPECT_FALSE(known("Observation", "k", "{1}{2}{3}", 6));
  const auto second = known("Coverage", "k", "{1}{2}{3}{4}", 9);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->number, 1U);
  EXPECT_FALSE(second->is_same);
  // Of orders and the like there is one of each key, however they come.
  EXPECT_FALSE(known("ServiceRequest", "k", "{1}{2}{3}{4}{5}", 12));
  entries.add(emission(0), {0, 9});
  auto order = emission(0);
  order.type = "ServiceRequest";
  const auto posted =
      known_of(entries, order, Method::post, "k", "{1}{2}{3}{4}{5}{6}", 15);
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->number, 2U);
  EXPECT_FALSE(posted->is_same);
  order.type = "Task";
  EXPECT_FALSE(
      known_of(entries, order, Method::post, "k", "{1}{2}{3}{4}{5}{6}", 15));
}

// A charge, its credit, and the same charge again: each takes the one before
// back, and the last stands.
TEST(EntriesTest, OfWhatIsPostedAndWithdrawnTheLastStands) {
  Entries entries(map_of(1));
  auto session = emission(0);
  session.type = "Procedure";
  const auto known = [&](Method method, std::string_view result,
                         std::size_t begin) {
    const auto found = known_of(entries, session, method, "k", result, begin);
    if (!found) entries.add(session, {});
    return found;
  };
  EXPECT_FALSE(known(Method::post, "{1}", 0));
  EXPECT_TRUE(entries.taken_back().empty());
  EXPECT_FALSE(known(Method::withdraw, "{1}{2}", 3));
  // Said twice, to the letter or not, it is taken back twice.
  EXPECT_TRUE(known(Method::withdraw, "{1}{2}{2}", 6)->is_same);
  EXPECT_FALSE(known(Method::withdraw, "{1}{2}{2}{9}", 9)->is_same);
  EXPECT_FALSE(known(Method::post, "{1}{2}{2}{9}{1}", 12));
  EXPECT_FALSE(known(Method::post, "{1}{2}{2}{9}{1}{3}", 15)->is_same);
  const auto& taken_back = entries.taken_back();
  ASSERT_EQ(taken_back.size(), 4U);
  for (const std::uint32_t begin : {0U, 3U, 6U, 9U}) {
    EXPECT_TRUE(is_taken_back(taken_back, 0, {begin, begin + 1})) << begin;
  }
  EXPECT_FALSE(is_taken_back(taken_back, 0, {12, 13}));
  EXPECT_TRUE(is_withdrawn(taken_back, "Procedure", {.value = "k"}));
  EXPECT_FALSE(is_withdrawn(taken_back, "Procedure", {.value = "other"}));
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
