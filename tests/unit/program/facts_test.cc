#include "program/facts.h"

#include <gtest/gtest.h>

#include <set>

namespace gateway::program {
namespace {

TEST(FactsTest, TheTableListsEveryFactOnceAndInOrder) {
  std::set<std::string_view> names;
  std::size_t place = 0;
  for (const auto& one : fact_table()) {
    EXPECT_EQ(static_cast<std::size_t>(one.fact), place++) << one.name;
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_FALSE(one.meaning.empty()) << one.name;
    EXPECT_EQ(fact_named(one.name), &one);
  }
  EXPECT_EQ(fact_named("session.minuets"), nullptr);
}

TEST(FactsTest, WhatIsNotSetIsUnknown) {
  Facts facts;
  EXPECT_EQ(facts.text(Fact::session_minutes), "unknown");
  facts.set_count(Fact::session_minutes, 105);
  facts.set(Fact::referral_as_needed, true);
  facts.set_number(Fact::referral_per_week_low, 2500);
  EXPECT_EQ(facts.text(Fact::session_minutes), "105");
  EXPECT_EQ(facts.text(Fact::referral_as_needed), "yes");
  EXPECT_EQ(facts.text(Fact::referral_per_week_low), "2.5");
  EXPECT_FALSE(facts.value(Fact::week_attended));
}

TEST(FactsTest, EvidenceNamesTheResource) {
  const episode::Source source{"Procedure/1", 3, Instant()};
  Facts facts;
  facts.evidence(Fact::session_minutes, source, "Procedure.performed");
  ASSERT_EQ(facts.evidence().size(), 1U);
  EXPECT_EQ(facts.evidence()[0].source->versioned(), "Procedure/1/_history/3");
}

}  // namespace
}  // namespace gateway::program
