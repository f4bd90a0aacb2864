// The laws that hold for every history: random bookings, cancellations,
// retroactive and overlapping authorizations, amendments, voids and pulls, in
// several zones and around changes of the clock.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "billing/claim_plans.h"
#include "unit/billing/followed.h"
#include "unit/billing/history.h"

namespace gateway::billing {
namespace {

constexpr unsigned kHistories = 20'000;
constexpr unsigned kParts = 8;  // that run beside each other

const program::Programs& programs() {
  static const auto kPrograms = shipped_programs(demo_site());
  return kPrograms;
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
  EXPECT_GT(claims, kHistories);
}

// A history as it goes on, with claims that are pulled between.
class Course {
 public:
  explicit Course(unsigned seed) : history_(seed), followed_(programs()) {}

  // Empty where every law held.
  std::string run() {
    for (const auto& party : parties()) followed_.apply(party, now_);
    for (const auto& message : history_.messages()) {
      followed_.apply(document(message), now_);
      followed_.go(now_);
      pull_some();
      followed_.go(now_);
      const auto again = followed_.go(now_);
      if (!again.resources.empty() || !again.ledger.empty()) {
        return "what is settled is settled again";
      }
      for (const auto& wrong :
           {ledger_law(), claim_law(), pulled_law(), move_law()}) {
        if (!wrong.empty()) return wrong;
      }
    }
    return {};
  }

  // Everything that was emitted and entered, as one text.
  [[nodiscard]] std::string text() const {
    std::string text;
    for (const auto& [key, one] : followed_.facts().emitted()) {
      text += key + " " + one.body + "\n";
    }
    for (const auto& one : followed_.ledger_) {
      text += one.authorization + one.account + one.unit + one.amount +
              one.cause + one.reason + "\n";
    }
    return text;
  }

  std::size_t pulled() const { return pulled_.size(); }
  std::size_t voids() const {
    std::size_t count = 0;
    for (const auto& [key, one] : followed_.facts().emitted()) {
      count += one.type == "Claim" && one.frequency == "8" ? 1U : 0U;
    }
    return count;
  }

 private:
  using Accounts = std::map<std::string, std::int64_t>;

  void pull_some() {
    std::vector<std::string> claims;
    for (const auto& [key, one] : followed_.facts().emitted()) {
      const bool free = one.type == "Claim" && one.status == "active";
      if (free && history_.chance(3)) claims.push_back(key);
    }
    for (const auto& key : claims) {
      followed_.pull(key);
      pulled_.emplace(key, items_of(followed_.facts().emitted().at(key)));
    }
  }

  static std::string items_of(const episode::Emitted& claim) {
    const auto body = *JsonDocument::parse(claim.body);
    return std::string(body.root().get("item").raw());
  }

  // What was entered adds up to nothing, and to what the plan says.
  [[nodiscard]] std::string ledger_law() const {
    std::map<std::string, Accounts> entered;
    for (const auto& one : followed_.ledger_) {
      const auto amount = *Decimal::parse(one.amount)->rounded(3);
      entered[one.authorization + " " + one.unit][one.account] +=
          static_cast<std::int64_t>(amount.coefficient());
    }
    for (const auto& one : followed_.standing().plan().balances) {
      auto& sums = entered[one.authorization + " " + one.unit];
      const Accounts wanted{
          {"granted", -one.granted},  {"reserved", one.reserved},
          {"used", one.used},         {"expired", one.expired},
          {"released", one.released}, {"remaining", one.remaining}};
      for (const auto& [account, amount] : wanted) {
        if (sums[account] != amount) return "the ledger differs: " + account;
      }
    }
    for (const auto& [key, sums] : entered) {
      std::int64_t sum = 0;
      for (const auto& [account, amount] : sums) sum += amount;
      if (sum != 0) return "the ledger is not even";
    }
    return {};
  }

  // The payer holds one unit of the first two hours of a date, at most.
  [[nodiscard]] std::string claim_law() const {
    std::set<std::string> dates;
    for (const auto& [key, one] : followed_.facts().emitted()) {
      if (one.type != "Claim" || one.status != "active" ||
          one.frequency == "8") {
        continue;
      }
      const auto body = *JsonDocument::parse(one.body);
      for (const Json item : body.root().get("item")) {
        if (item.find("productOrService.coding.code").text() != "97545") {
          continue;
        }
        const auto date = std::string(item.get("servicedDate").text());
        if (!dates.insert(date).second) return "two claims of " + date;
      }
    }
    return {};
  }

  [[nodiscard]] std::string pulled_law() const {
    for (const auto& [key, items] : pulled_) {
      if (items_of(followed_.facts().emitted().at(key)) != items) {
        return "what was pulled is rewritten";
      }
    }
    return {};
  }

  // What was billed keeps its authorization, or somebody is told.
  [[nodiscard]] std::string move_law() const {
    const auto& plan = followed_.standing().plan();
    for (const auto& [key, items] : pulled_) {
      const auto& claim = followed_.facts().emitted().at(key);
      const auto* planned = claim.status == "active"
                                ? claim_of(plan, root_of(claim.key))
                                : nullptr;
      if (planned == nullptr || claim.frequency == "8") continue;
      if (planned->authorization == claim.authorization_number) continue;
      const auto task = "task|@" + planned->key + "|review-claim";
      const bool told =
          std::any_of(plan.tasks.begin(), plan.tasks.end(),
                      [&](const auto& one) { return one.key == task; });
      if (!told) return "what was billed moved silently";
    }
    return {};
  }

  static std::string_view root_of(std::string_view key) {
    return key.substr(0, key.find('#'));
  }

  const Instant now_ = *parse_instant("2026-03-12T12:00:00Z");
  History history_;
  Followed followed_;
  std::map<std::string, std::string> pulled_;
};

class CourseTest : public testing::TestWithParam<unsigned> {};

TEST_P(CourseTest, HoldsTheLawsOverTime) {
  std::size_t pulled = 0, voids = 0;
  for (unsigned i = 0; i < kHistories / kParts; ++i) {
    const auto seed = 1'000'000 + i * kParts + GetParam();
    Course course(seed);
    ASSERT_EQ(course.run(), "") << "seed " << seed;
    pulled += course.pulled();
    voids += course.voids();
    if (!course.pulled() || i % 4 != 0) continue;
    Course again(seed);
    ASSERT_EQ(again.run(), "");
    ASSERT_EQ(again.text(), course.text()) << "seed " << seed;
  }
  EXPECT_GT(pulled, kHistories / kParts / 4);
  EXPECT_GT(voids, kHistories / kParts / 40);
}

INSTANTIATE_TEST_SUITE_P(Parts, CourseTest, testing::Range(0U, kParts));

}  // namespace
}  // namespace gateway::billing
