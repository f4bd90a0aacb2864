#include "server/incoming.h"

#include <gtest/gtest.h>

namespace gateway::server {
namespace {

TEST(IncomingTest, NamesTheGravestRule) {
  fhir::Outcome outcome;
  EXPECT_EQ(gravest_rule(outcome), "");
  outcome.add({.rule = "a/warns", .severity = fhir::Severity::warning});
  outcome.add({.rule = "b/holds", .severity = fhir::Severity::error});
  outcome.add({.rule = "c/holds", .severity = fhir::Severity::error});
  EXPECT_EQ(gravest_rule(outcome), "b/holds");
}

TEST(IncomingTest, RecordsWhatWasReceivedAndItsEnd) {
  const Incoming incoming{.caller = {.partner = "ehr"},
                          .request = "POST /fhir/Procedure",
                          .peer = "127.0.0.1:1",
                          .control_id = "c-1",
                          .body = "{}"};
  auto message = received(incoming);
  EXPECT_EQ(message.owner, "ehr");
  EXPECT_EQ(message.content, "{}");
  EXPECT_EQ(message.control_id, "c-1");
  fhir::Outcome outcome;
  outcome.add({.rule = "x/y"});
  ended(message, store::MessageState::held, outcome,
        {.status = 201, .headers = {}, .body = "answer"});
  EXPECT_EQ(message.state, store::MessageState::held);
  EXPECT_EQ(message.rule, "x/y");
  EXPECT_EQ(message.status, 201);
  EXPECT_EQ(message.answer, "answer");
}

}  // namespace
}  // namespace gateway::server
