#include "billing/claim_chain.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

using episode::Emitted;
using Target = ChainStep::Target;

Emitted claim(const std::string& key, const std::string& frequency,
              const std::string& status, const std::string& financial) {
  Emitted emitted;
  emitted.key = key;
  emitted.source.key = "Claim/" + key;
  emitted.frequency = frequency;
  emitted.status = status;
  emitted.financial = financial;
  return emitted;
}

TEST(ClaimChainTest, ThePositionIsInTheKey) {
  EXPECT_EQ(chain_position("claim|r|2026-04-06"), 1);
  EXPECT_EQ(chain_position("claim|r|2026-04-06#3"), 3);
}

TEST(ClaimChainTest, TheFirstClaimIsAnOriginal) {
  const auto step = next_step("k", {}, episode::Case(), WantedClaim{"a", {}});
  EXPECT_EQ(step.target, Target::original);
  EXPECT_EQ(step.key, "k");
  EXPECT_EQ(step.working, nullptr);
}

TEST(ClaimChainTest, WhatWasNotPulledIsCancelledWhenUnwanted) {
  const auto first = claim("k", "1", "active", "a");
  const auto step = next_step("k", {&first}, episode::Case(), std::nullopt);
  EXPECT_EQ(step.target, Target::nothing);
  ASSERT_EQ(step.superseded.size(), 1U);
}

TEST(ClaimChainTest, WhatWasPulledIsReplaced) {
  episode::Case facts;
  const auto first = claim("k", "1", "active", "a");
  facts.apply_pull("Claim/k", 1);
  EXPECT_EQ(next_step("k", {&first}, facts, WantedClaim{"a", {}}).target,
            Target::unchanged);
  const auto step = next_step("k", {&first}, facts, WantedClaim{"b", {}});
  EXPECT_EQ(step.target, Target::replacement);
  EXPECT_EQ(step.key, "k#2");
  EXPECT_EQ(next_step("k", {&first}, facts, std::nullopt).target,
            Target::void_claim);
}

// Nobody pays for what another payer was asked.
TEST(ClaimChainTest, AnotherPayerGetsItsOwnClaimAfterAVoid) {
  episode::Case facts;
  auto first = claim("k", "1", "active", "a");
  first.insurer = "Organization/a";
  facts.apply_pull("Claim/k", 1);
  const WantedClaim other{"a", "Organization/b"};
  EXPECT_EQ(next_step("k", {&first}, facts, other).target, Target::void_claim);
  auto second = claim("k#2", "8", "active", "a");
  second.insurer = "Organization/a";
  facts.apply_pull("Claim/k#2", 1);
  EXPECT_EQ(next_step("k", {&first, &second}, facts, other).target,
            Target::original);
}

TEST(ClaimChainTest, AfterAPulledVoidANewOriginalBegins) {
  episode::Case facts;
  const auto first = claim("k", "1", "cancelled", "a");
  const auto second = claim("k#2", "8", "active", "a");
  facts.apply_pull("Claim/k", 1);
  facts.apply_pull("Claim/k#2", 1);
  const auto step =
      next_step("k", {&second, &first}, facts, WantedClaim{"a", {}});
  EXPECT_EQ(step.target, Target::original);
  EXPECT_EQ(step.key, "k#3");
}

}  // namespace
}  // namespace gateway::billing
