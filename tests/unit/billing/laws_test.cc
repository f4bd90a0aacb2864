// The laws that hold for every history: random bookings, cancellations,
// retroactive and overlapping authorizations, amendments, voids and pulls, in
// several zones and around changes of the clock.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "unit/billing/history.h"

namespace gateway::billing {
namespace {

constexpr int kHistories = 20'000;

const program::Programs& programs() {
  static const auto kPrograms = shipped_programs(demo_site());
  return kPrograms;
}

// Everything that a plan says, as one text.
std::string text_of(const Plan& plan) {
  std::string text;
  for (const auto& claim : plan.claims) {
    text += claim.key + (claim.held ? " held " : " free ") +
            claim.authorization + " " + financial_text(claim) + "\n";
  }
  for (const auto& balance : plan.balances) {
    text += balance.authorization + " " + balance.unit + " " +
            std::to_string(balance.used) + " " +
            std::to_string(balance.reserved) + " " +
            std::to_string(balance.expired) + " " +
            std::to_string(balance.remaining) + "\n";
  }
  for (const auto& task : plan.tasks) {
    text += task.key;
    for (const auto& finding : task.findings) text += " " + finding.rule;
    text += "\n";
  }
  return text;
}

void check_money(const ClaimPlan& claim) {
  auto sum = Decimal(0, 2);
  std::set<std::string> grants;
  for (const auto* visit : claim.visits) {
    std::int64_t first = 0;
    std::int64_t further = 0;
    for (const auto& line : visit->lines) {
      sum = *sum.plus(*line.net);
      if (line.code == "97545") first += line.quantity;
      if (line.code == "97546") further += line.quantity;
      EXPECT_EQ(line.net, line.unit_price->times(Decimal(line.quantity, 3)));
    }
    EXPECT_EQ(first, 1000);
    EXPECT_TRUE(further == 0 || first == 1000);
    grants.insert(visit->grant == nullptr ? "" : visit->grant->number);
  }
  EXPECT_EQ(sum, *claim.total);
  EXPECT_EQ(grants.size(), 1U);
}

TEST(LawsTest, HoldForEveryHistory) {
  const auto now = *parse_instant("2026-03-12T12:00:00Z");
  std::size_t claims = 0;
  for (unsigned seed = 0; seed < kHistories; ++seed) {
    History history(seed);
    std::vector<SharedDocument> messages;
    for (const auto& text : history.messages()) {
      messages.push_back(document(text));
    }
    const auto facts = facts_of(messages);
    const auto plan = decide(facts, programs(), now);
    std::set<std::string> dates;
    for (const auto& claim : plan.claims) {
      check_money(claim);
      ++claims;
      for (const auto* visit : claim.visits) {
        EXPECT_TRUE(dates.insert(visit->date.text()).second)
            << "two claims of one date, seed " << seed;
        if (!claim.held) {
          ASSERT_NE(visit->grant, nullptr);
          EXPECT_TRUE(visit->grant->usable());
        }
      }
    }
    for (const auto& balance : plan.balances) {
      EXPECT_TRUE(balance.even()) << "seed " << seed;
      EXPECT_GE(balance.remaining, 0) << "seed " << seed;
    }
    const auto text = text_of(plan);
    EXPECT_EQ(text_of(decide(facts, programs(), now)), text);
    // The last version of each resource counts, in whatever order they come.
    std::map<std::string, SharedDocument> last;
    for (const auto& message : messages) {
      last[std::string(message->root().get("id").text())] = message;
    }
    std::vector<SharedDocument> shuffled;
    for (auto& [id, message] : last) shuffled.push_back(message);
    std::shuffle(shuffled.begin(), shuffled.end(), history.random());
    const auto other = facts_of(shuffled);
    ASSERT_EQ(text_of(decide(other, programs(), now)), text) << "seed " << seed;
  }
  EXPECT_GT(claims, static_cast<std::size_t>(kHistories));
}

// With pulls between: what was pulled is never rewritten, the ledger's entries
// add up to zero, and a second run changes nothing.
TEST(LawsTest, HoldOverTime) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    History history(seed + 1'000'000);
    Clinic clinic;
    clinic.store_parties();
    clinic.now_ = *parse_instant("2026-03-12T12:00:00Z");
    std::map<std::string, std::string> pulled;
    for (const auto& message : history.messages()) {
      clinic.post(message);
      for (const auto& claim : clinic.all("Claim")) {
        const auto root = claim->root();
        const auto key = "Claim/" + std::string(root.get("id").text());
        if (root.get("status").text() == "active" && history.chance(3)) {
          clinic.pull(key);
          pulled[key] = std::string(root.get("item").raw());
        }
      }
      // That it was pulled is all that is new.
      const auto noted = clinic.run();
      ASSERT_TRUE(noted.ledger.empty()) << "seed " << seed;
      for (const auto& one : noted.resources) {
        ASSERT_EQ(one.id.type, "Provenance") << "seed " << seed;
        ASSERT_NE(one.body.find("claim-pulled"), std::string::npos);
      }
      ASSERT_TRUE(clinic.run().empty()) << "seed " << seed;
    }
    for (const auto& [key, items] : pulled) {
      EXPECT_NE(clinic.body(key).find(items), std::string::npos) << seed;
    }
    std::map<std::string, Decimal> sums;
    for (const auto& entry : clinic.ledger_) {
      auto& sum = sums[entry.authorization + entry.unit];
      sum = *sum.plus(*Decimal::parse(entry.amount));
    }
    for (const auto& [key, sum] : sums) EXPECT_TRUE(sum.is_zero()) << key;
  }
}

}  // namespace
}  // namespace gateway::billing
