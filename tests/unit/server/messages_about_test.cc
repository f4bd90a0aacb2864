#include "server/messages_about.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class MessagesAboutTest : public testing::Test {
 protected:
  void keep(MessageState state, const std::string& key) {
    store::Commit commit;
    commit.message = {.owner = "demo-ehr",
                      .channel = "mllp",
                      .received_at = gateway_.now,
                      .state = state,
                      .keys = {key}};
    ASSERT_TRUE(store::committed(gateway_.store(), std::move(commit)));
    gateway_.now += std::chrono::seconds(1);
  }
  std::vector<store::Sequence> found(const store::MessageQuery& query) {
    MessagesAbout about(gateway_.store(), query);
    EXPECT_TRUE(about.keep("Patient", "P-1"));
    const auto messages = about.messages();
    EXPECT_TRUE(messages);
    std::vector<store::Sequence> sequences;
    for (const auto& one : *messages) sequences.push_back(one.sequence);
    return sequences;
  }

  ScratchGateway gateway_;
};

TEST_F(MessagesAboutTest, PagesAreCutBehindTheFilters) {
  keep(MessageState::rejected, "P-1");
  keep(MessageState::rejected, "P-1");
  for (int i = 0; i < 510; ++i) keep(MessageState::accepted, "P-1");
  keep(MessageState::rejected, "P-2");
  EXPECT_THAT(found({.state = MessageState::rejected}), ElementsAre(2, 1));
  EXPECT_THAT(found({.state = MessageState::rejected, .count = 1}),
              ElementsAre(2));
  EXPECT_THAT(found({.state = MessageState::rejected, .before = 2, .count = 1}),
              ElementsAre(1));
  EXPECT_THAT(found({.count = 600}), SizeIs(512));
}

TEST_F(MessagesAboutTest, TimeHasTwoEnds) {
  const auto start = gateway_.now;
  for (int i = 0; i < 4; ++i) keep(MessageState::accepted, "P-1");
  EXPECT_THAT(found({.since = start + std::chrono::seconds(1),
                     .until = start + std::chrono::seconds(3)}),
              ElementsAre(3, 2));
  EXPECT_THAT(found({.key = "P-2"}), IsEmpty());
}

}  // namespace
}  // namespace gateway::server
