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

TEST(FactsTest, EachSaysWhatItMeansAndWhereItIsReadFrom) {
  for (const auto& fact : fact_table()) {
    EXPECT_FALSE(fact.meaning.empty()) << fact.name;
    EXPECT_FALSE(fact.read_from.empty()) << fact.name;
    EXPECT_EQ(&entry(fact.fact), &fact) << fact.name;
  }
}

TEST(FactsTest, TheLastWordOnARuleCounts) {
  const episode::Source early{.key = "Observation/1"};
  const episode::Source late{.key = "Observation/2"};
  const episode::Attestation no{"A21", false, LocalDate::from(2026, 4, 1)};
  const episode::Attestation yes{"p/A21", true, LocalDate::from(2026, 4, 2)};
  Facts facts;
  EXPECT_EQ(facts.attested("p/A21"), nullptr);
  facts.attest(yes, late);
  facts.attest(no, early);
  ASSERT_NE(facts.attested("p/A21"), nullptr);
  EXPECT_EQ(facts.attested("p/A21")->source->key, "Observation/2");
  EXPECT_FALSE(facts.attested("q/A21")->what.holds);
  EXPECT_EQ(facts.attested("p/A22"), nullptr);
}

}  // namespace
}  // namespace gateway::program
