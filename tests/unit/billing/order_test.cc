// Facts may arrive in any order: the same facts end in the same state.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

// What there is in the end, without the ids that arrival decides.
std::vector<std::string> state(const Clinic& clinic) {
  auto found = clinic.claims();
  std::vector<std::string> kept;
  for (const auto& claim : found) {
    if (!claim.starts_with("cancelled")) kept.push_back(claim);
  }
  for (auto& task : clinic.open_tasks()) kept.push_back(task);
  for (const auto& encounter : clinic.all("Encounter")) {
    const auto root = encounter->root();
    if (root.get("status").text() != "finished") continue;
    kept.push_back(std::string(root.find("period.start").text()) + " " +
                   std::string(root.find("length.value").text()));
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

TEST(OrderTest, AnyOrderOfArrivalEndsInTheSameState) {
  std::vector<std::string> resources = party_jsons();
  resources.push_back(order_json({}));
  resources.push_back(grant_json({.visits = "3"}));
  for (const auto* day : {"13", "14", "15", "16"}) {
    resources.push_back(session_json(
        {.id = std::string("s") + day,
         .start = std::string("2026-04-") + day + "T08:00:00-05:00",
         .end = std::string("2026-04-") + day + "T11:00:00-05:00"}));
  }
  resources.push_back(session_json({.id = "short",
                                    .start = "2026-04-17T08:00:00-05:00",
                                    .end = "2026-04-17T09:00:00-05:00"}));
  std::vector<std::string> wanted;
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    Clinic clinic;
    for (const auto& resource : resources) clinic.post(resource);
    if (round == 0) {
      wanted = state(clinic);
      EXPECT_GT(wanted.size(), 8U);
    }
    EXPECT_EQ(state(clinic), wanted) << "round " << round;
    std::shuffle(resources.begin(), resources.end(), random);
  }
}

TEST(OrderTest, AReplayIsBitIdentical) {
  const auto play = [] {
    Clinic clinic;
    std::string bodies;
    clinic.store_parties();
    for (const auto& text : {order_json({}), grant_json({}),
                             session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T11:00:00-05:00"}),
                             session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T12:00:00-05:00"})}) {
      for (const auto& change : clinic.post(text).resources) {
        bodies += change.body;
      }
    }
    return bodies;
  };
  EXPECT_EQ(play(), play());
}

}  // namespace
}  // namespace gateway::billing
