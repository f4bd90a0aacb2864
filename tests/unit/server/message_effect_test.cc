#include "server/message_effect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A transaction with one session, and what was decided for its case.
class MessageEffectTest : public testing::Test {
 protected:
  MessageEffectTest() {
    request_.entries.push_back({.expression = "Bundle.entry[0].resource"});
    resolved_.assignment.ids.push_back({"Procedure", "1"});
    resolved_.entries.push_back({.effect = Effect::create, .current = {}});
  }
  void add_task(const std::string& id, const std::string& focus,
                const std::string& place) {
    OpenTask task{.id = {"Task", id}, .focus = focus};
    task.findings.add({.rule = "rule/" + id, .expression = place});
    decision_.tasks.push_back(std::move(task));
  }
  [[nodiscard]] MessageEffect effect() const {
    return {request_, resolved_, decision_, Instant()};
  }

  exchange::WriteRequest request_;
  Resolved resolved_;
  Decision decision_;
};

TEST_F(MessageEffectTest, TasksOfOthersAreNoneOfItsBusiness) {
  add_task("other", "Procedure/2", "Procedure.performed");
  EXPECT_THAT(effect().tasks(), IsEmpty());
  EXPECT_TRUE(effect().findings().empty());
}

TEST_F(MessageEffectTest, ATaskAboutWhatItSentIsItsOwn) {
  add_task("own", "Procedure/1", "Procedure.performed");
  add_task("other", "Procedure/2", "Procedure.performed");
  ASSERT_THAT(effect().tasks(), SizeIs(1));
  EXPECT_EQ(effect().tasks()[0]->id.id, "own");
  EXPECT_THAT(effect().written(0).tasks, SizeIs(1));
}

TEST_F(MessageEffectTest, ATaskThatItOpenedIsItsOwn) {
  add_task("opened", "ServiceRequest/9", "ServiceRequest.code");
  decision_.writes.push_back({.id = {"Task", "opened"}});
  EXPECT_THAT(effect().tasks(), SizeIs(1));
}

TEST_F(MessageEffectTest, WhatNothingBecameOfHasNoTasks) {
  add_task("own", "Procedure/1", "Procedure.performed");
  resolved_.entries[0].effect = Effect::none;
  EXPECT_THAT(effect().tasks(), IsEmpty());
}

TEST_F(MessageEffectTest, FindingsAboutAnEntryAreToldWithIt) {
  add_task("own", "Procedure/1", "Procedure.performed");
  add_task("also", "Procedure/1", "Location.extension");
  const auto told = effect().told().findings();
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[0].expression, "Bundle.entry[0].resource.performed");
  EXPECT_EQ(told[1].expression, "Location.extension");
  EXPECT_EQ(effect().findings().findings()[0].expression,
            "Procedure.performed");
}

}  // namespace
}  // namespace gateway::server
