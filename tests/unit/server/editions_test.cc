#include "server/editions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;

const Instant kThen = *parse_instant("2026-04-30T18:00:00Z");

SharedEdition named(const std::string& hash) {
  auto edition = std::make_shared<Edition>(*demo_edition());
  edition->hash = hash;
  return edition;
}

std::string current(const Editions& editions) {
  return editions.current()->hash;
}

class EditionsTest : public testing::Test {
 protected:
  void take(const std::string& hash) {
    editions_.reload([&] { return named(hash); }, kThen);
  }
  Editions editions_{named("first")};
};

TEST_F(EditionsTest, AReloadReplacesAndARollbackGoesBack) {
  take("second");
  take("third");
  EXPECT_EQ(current(editions_), "third");
  editions_.rollback(kThen);
  EXPECT_EQ(current(editions_), "second");
  EXPECT_TRUE(editions_.state().rolled_back);
  EXPECT_THAT(editions_.detail(), HasSubstr("rolled back"));
  editions_.rollback(kThen);
  EXPECT_EQ(current(editions_), "first");
  take("fourth");
  EXPECT_FALSE(editions_.state().rolled_back);
}

TEST_F(EditionsTest, WhatCannotBeLoadedChangesNothing) {
  const auto loaded = editions_.reload(
      [] {
        return LoadFailure{"maps", "a.yaml:3:5: unknown path"};
      },
      kThen);
  EXPECT_TRUE(std::holds_alternative<LoadFailure>(loaded));
  EXPECT_EQ(current(editions_), "first");
  EXPECT_THAT(editions_.detail(), HasSubstr("maps: a.yaml:3:5: unknown path"));
  EXPECT_EQ(editions_.state().attempts.at("maps"), 1U);
  take("second");
  EXPECT_FALSE(editions_.state().failure.has_value());
}

TEST_F(EditionsTest, BeforeTheFirstThereIsNone) {
  const auto loaded = editions_.rollback(kThen);
  EXPECT_TRUE(std::holds_alternative<LoadFailure>(loaded));
  EXPECT_EQ(current(editions_), "first");
}

TEST_F(EditionsTest, KeepsOnlyTheLatest) {
  for (int i = 0; i < 20; ++i) take(std::to_string(i));
  const auto earlier = editions_.state().earlier;
  ASSERT_EQ(earlier.size(), 8U);
  EXPECT_EQ(earlier.front()->hash, "18");
}

// Whoever handles a message reads the edition while the next one is loaded.
TEST_F(EditionsTest, WhatSaysTheSameIsNoneToGoBackTo) {
  take("second");
  take("second");
  take("second");
  EXPECT_EQ(editions_.state().earlier.size(), 1U);
  editions_.rollback(kThen);
  EXPECT_EQ(editions_.state().current->hash, "first");
}

TEST_F(EditionsTest, LoadingHoldsUpNobody) {
  editions_.reload(
      [&] {
        EXPECT_EQ(current(editions_), "first");
        EXPECT_EQ(editions_.state().current->hash, "first");
        return named("second");
      },
      kThen);
  EXPECT_EQ(current(editions_), "second");
}

}  // namespace
}  // namespace gateway::server
