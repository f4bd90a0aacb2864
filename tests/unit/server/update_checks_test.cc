#include "server/update_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class UpdateChecksTest : public testing::Test {
 protected:
  store::Sequence message(const std::string& peer) {
    store::Commit commit;
    commit.message = {.owner = "demo-ehr",
                      .channel = "mllp",
                      .received_at = gateway_.now,
                      .peer = peer};
    return store::committed(gateway_.store(), std::move(commit))->sequence;
  }
  // An update of what `wrote` wrote last, by a message that waited.
  std::string check(const std::string& type, store::Sequence wrote,
                    store::Sequence waited) {
    exchange::WriteRequest request;
    request.entries = {{.interaction = {.type = type},
                        .expression = "Bundle.entry[0].resource"}};
    resolved_ = {};
    resolved_.entries.resize(1);
    auto& slot = resolved_.entries[0];
    slot.effect = Effect::update;
    slot.current = store::StoredResource{.sequence = wrote};
    const auto refused =
        overtaken(request, waited, gateway_.store(), resolved_);
    EXPECT_TRUE(refused);
    if (*refused) return rules((*refused)->outcome).at(0);
    return slot.effect == Effect::update ? "updates" : "left out";
  }

  ScratchGateway gateway_;
  Resolved resolved_;
};

TEST_F(UpdateChecksTest, WhatALaterMessageSaidStands) {
  message("10.0.0.1:9");
  message("10.0.0.1:9");
  const auto later = message("10.0.0.1:9");
  EXPECT_EQ(check("Patient", later, 2), "left out");
  EXPECT_THAT(rules(resolved_.told), ElementsAre("v2/overtaken"));
  EXPECT_EQ(check("ServiceRequest", later, 2), "v2/overtaken");
  EXPECT_EQ(check("Procedure", later, 2), "v2/overtaken");
  EXPECT_EQ(check("Patient", 1, 2), "updates");
  EXPECT_THAT(rules(resolved_.told), IsEmpty());
  // It did not wait.
  EXPECT_EQ(check("Patient", later, 0), "updates");
}

// What the log brings once more came when it came first.
TEST_F(UpdateChecksTest, AReleaseIsAsOldAsItsMessage) {
  message("10.0.0.1:9");
  message("10.0.0.1:9");
  message("10.0.0.1:9");
  EXPECT_EQ(check("Patient", message("release of 1"), 2), "updates");
  EXPECT_EQ(check("Patient", message("release of 3"), 2), "left out");
  const auto replay = message("replay of 1");
  EXPECT_EQ(
      check("Patient", message("release of " + std::to_string(replay)), 2),
      "updates");
}

TEST_F(UpdateChecksTest, WhatDoesNotFitTogetherIsRefused) {
  const auto document = parse_shared(R"({"resourceType":"Patient",
      "gender":"m"})",
                                     gateway_.parts().keys);
  ASSERT_TRUE(document);
  resolved_.entries.resize(1);
  auto& slot = resolved_.entries[0];
  slot.effect = Effect::update;
  slot.document = *document;
  const std::vector<Amendment> amendments = {{.position = 0}};
  const auto& intake = gateway_.parts().intake;
  const auto refused = unfit_update(amendments, resolved_, intake, {});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 422);
  slot.effect = Effect::unchanged;
  EXPECT_FALSE(unfit_update(amendments, resolved_, intake, {}));
}

}  // namespace
}  // namespace gateway::server
