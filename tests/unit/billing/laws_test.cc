// The laws that hold for every history: random bookings, cancellations,
// retroactive and overlapping authorizations, amendments, voids and pulls, in
// several zones and around changes of the clock.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

constexpr int kHistories = 20'000;

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {}

  // A few messages about one patient, each a version of some resource.
  std::vector<std::string> messages() {
    std::vector<std::string> all;
    all.push_back(
        order_json({.occurrence = chance(9) ? "" : Order().occurrence}));
    const int grants = 1 + pick(2);
    for (int i = 0; i < grants; ++i) all.push_back(grant(i));
    const int sessions = 1 + pick(4);
    for (int i = 0; i < sessions; ++i) all.push_back(session(i, "completed"));
    if (chance(3)) all.push_back(session(0, "completed"));
    if (chance(4)) all.push_back(session(0, "entered-in-error"));
    if (chance(3)) all.push_back(booking());
    if (chance(5)) all.push_back(grant(0));
    return all;
  }

  bool chance(int of) { return pick(of) == 0; }
  int pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }
  std::mt19937& random() { return random_; }

 private:
  std::string date(int span) {
    // The clock of the facility changes on 2026-03-08.
    return LocalDate::from(2026, 3, 5)->plus_days(pick(span)).text();
  }

  std::string grant(int number) {
    const auto from = date(6);
    return grant_json(
        {.id = "a" + std::to_string(number),
         .number = chance(12) ? "" : "PA-" + std::to_string(number),
         .created = LocalDate::from(2026, 2, 27)->plus_days(pick(14)).text() +
                    "T10:00:00-06:00",
         .from = from,
         .to = LocalDate::parse(from)->plus_days(pick(10)).text(),
         .visits = std::to_string(1 + pick(3)),
         .unit = chance(10) ? "HS" : "VS"});
  }

  std::string session(int number, const std::string& status) {
    const auto start = *parse_instant(date(7) + "T05:00:00Z") +
                       std::chrono::minutes(pick(1200));
    const auto end = start + std::chrono::seconds(60 * pick(330) + pick(60));
    return session_json(
        {.id = "s" + std::to_string(number),
         .start = utc_text(start),
         .end = utc_text(end),
         .status = status,
         .location = chance(3) ? "Location/l2" : "Location/l1"});
  }

  std::string booking() {
    const auto day = date(12);
    return "{'resourceType':'Appointment','id':'b1','status':'" +
           std::string(chance(3) ? "cancelled" : "booked") +
           "','basedOn':[{'reference':'ServiceRequest/r1'}],'start':'" + day +
           "T14:00:00Z','end':'" + day + "T17:00:00Z'}";
  }

  std::mt19937 random_;
};

const program::Programs& programs() {
  static const auto kPrograms = shipped_programs(demo_site());
  return kPrograms;
}

SharedDocument document(const std::string& text) {
  return *parse_shared(json_of(text));
}

const std::vector<SharedDocument>& parties() {
  static const auto kParties = [] {
    std::vector<SharedDocument> all;
    for (const auto& text : party_jsons()) all.push_back(document(text));
    all.push_back(
        document("{'resourceType':'Location','id':'l2','extension':[{'url':"
                 "'https://workgate.example/fhir/StructureDefinition/timezone',"
                 "'valueCode':'America/Los_Angeles'}],'managingOrganization':{"
                 "'reference':'Organization/clinic'}}"));
    return all;
  }();
  return kParties;
}

void apply(episode::Case& facts, const SharedDocument& resource) {
  const auto root = resource->root();
  facts.apply(fhir::Resource{{std::string(root.get("resourceType").text()),
                              std::string(root.get("id").text())},
                             1,
                             Instant(),
                             "ehr",
                             resource});
}

episode::Case facts_of(const std::vector<SharedDocument>& messages) {
  episode::Case facts;
  for (const auto& party : parties()) apply(facts, party);
  for (const auto& message : messages) apply(facts, message);
  return facts;
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
