#include "server/releases.h"

#include "unit/server/releases_fixture.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST_F(ReleasesTest, AnUnknownCodeIsTakenAndWaits) {
  const auto sent = referral("X");
  const auto answer = send(sent);
  EXPECT_THAT(answer, HasSubstr("MSA|AA|R1"));
  EXPECT_THAT(answer, HasSubstr("|W|"));
  EXPECT_THAT(answer, HasSubstr("map/unmapped"));
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.state, MessageState::held);
  EXPECT_EQ(kept.rule, "map/unmapped");
  EXPECT_EQ(kept.content, sent);
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(0));
  EXPECT_THAT(statuses("Task"), ElementsAre("requested"));
  // The same bytes once more.
  EXPECT_EQ(send(sent), answer);
  EXPECT_THAT(statuses("Task"), ElementsAre("requested"));
  EXPECT_THAT(gateway_.parts().parked.all(), SizeIs(1));
  // Other bytes under its control id.
  EXPECT_THAT(send(with(sent, "Janet", "Jane")), HasSubstr("MSA|AE|R1"));
}

TEST_F(ReleasesTest, ARowReleasesWhatWaitedForItAndNothingElse) {
  send(referral("Q", "1"));
  send(referral("X", "2"));
  reload(knowing("X"));
  wait_for(1);
  EXPECT_EQ(gateway_.parts().parked.all()[0].sequence, 1);
  EXPECT_THAT(statuses("Task"),
              testing::UnorderedElementsAre("requested", "completed"));
  const auto orders = gateway_.stored("ServiceRequest");
  ASSERT_THAT(orders, SizeIs(1));
  EXPECT_THAT(orders[0].body, HasSubstr("R-2"));
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.peer, "release of 2");
  EXPECT_EQ(kept.content, referral("X", "2"));
  // Once: neither a reload nor the same bytes do it again.
  reload(knowing("X"));
  EXPECT_THAT(send(referral("X", "2")), HasSubstr("MSA|AA|R2"));
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(1));
}

// A local code may be one of the programs: nothing is stored until a row says.
TEST_F(ReleasesTest, AReferralForAnUnknownServiceWaitsForItsRow) {
  EXPECT_THAT(send(sample("REF_I12/unknown-service.hl7")),
              HasSubstr("map/unmapped"));
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(0));
  reload(with_row("service",
                  "RTW7: { to: work-hardening, system: "
                  "\"https://workgate.example/fhir/CodeSystem/program\" }"));
  wait_for(0);
  const auto orders = gateway_.stored("ServiceRequest");
  ASSERT_THAT(orders, SizeIs(1));
  EXPECT_THAT(orders[0].body, HasSubstr("\"work-hardening\""));
  EXPECT_THAT(statuses("Task"), ElementsAre("completed"));
}

TEST_F(ReleasesTest, WhatIsAboutTheSameWaitsBehindItAndFollowsInOrder) {
  send(referral("X"));
  const auto booking =
      with(sample("SIU_S12/booked.hl7"), "R-77^EHR", "R-1^EHR");
  EXPECT_THAT(send(booking), HasSubstr("map/waits-behind"));
  const auto session = with(sample("ADT_A03/session.hl7"), "R-77", "R-1");
  EXPECT_THAT(send(session), HasSubstr("MSA|AA|A4002"));
  // About another order.
  EXPECT_THAT(send(referral("F", "9")), HasSubstr("MSA|AA|R9"));
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(1));
  EXPECT_THAT(gateway_.stored("Procedure"), SizeIs(0));
  EXPECT_THAT(gateway_.parts().parked.all(), SizeIs(3));

  reload(knowing("X"));
  wait_for(0);
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(2));
  EXPECT_THAT(gateway_.stored("Appointment"), SizeIs(1));
  EXPECT_THAT(gateway_.stored("Procedure"), SizeIs(1));
  EXPECT_THAT(statuses("Task"),
              ElementsAre("completed", "completed", "completed"));
}

TEST_F(ReleasesTest, ARestartForgetsNothing) {
  send(referral("X"));
  send(with(sample("ADT_A03/session.hl7"), "R-77", "R-1"));
  restart();
  EXPECT_THAT(gateway_.parts().parked.all(), SizeIs(2));
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(0));
  reload(knowing("X"));
  wait_for(0);
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(1));
  EXPECT_THAT(gateway_.stored("Procedure"), SizeIs(1));
  restart();
  EXPECT_THAT(gateway_.parts().parked.all(), SizeIs(0));
}

TEST_F(ReleasesTest, ItsTaskSaysWhatElseItWaitsFor) {
  auto text = referral("X");
  text = with(text, "RF1|A^", "RF1|Z^");
  EXPECT_THAT(send(text), HasSubstr("MSA|AA|R1"));
  send(referral("X", "2"));
  reload(knowing("X"));
  wait_for(1);
  const auto task =
      JsonDocument::parse(gateway_.stored("Task", "requested").at(0).body);
  EXPECT_EQ(task->root().get("input").size(), 1U);
  EXPECT_EQ(task->root()
                .get("input")
                .first()
                .find("valueCodeableConcept.coding.code")
                .text(),
            "Z");
}

// A commit that is not durable had no effect: it is tried again, by itself.
TEST_F(ReleasesTest, AStoreThatIsAwayReleasesNothing) {
  send(referral("X", "1"));
  send(referral("X", "2"));
  gateway_.store().fail({ErrorCode::unavailable, "away"}, 3);
  reload(knowing("X"));
  wait_for(0);
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(2));
  EXPECT_THAT(statuses("Task"), ElementsAre("completed", "completed"));
}

// Nobody tells that what it refers to has come: it is tried from time to time.
TEST_F(ReleasesTest, WhatComesToLackAnOrderIsTriedUntilThatIsThere) {
  const auto session =
      with(sample("ADT_A03/session.hl7"), "|F|||2 Oak", "|X|||2 Oak");
  ASSERT_THAT(send(session), HasSubstr("map/unmapped"));
  reload(knowing("X"));
  const auto task = gateway_.parts().parked.all().at(0).task;
  wait_for_task(task, "rest/no-match");
  EXPECT_THAT(send(sample("REF_I12/complete.hl7")), HasSubstr("MSA|AA|"));
  wait_for(0);
  EXPECT_THAT(gateway_.stored("Procedure"), SizeIs(1));
}

// The Task says so, and not what it waited for before.
TEST_F(ReleasesTest, AMessageWhoseMapIsGoneSaysSo) {
  send(referral("X"));
  const auto task = gateway_.parts().parked.all().at(0).task;
  auto edition = std::make_shared<Edition>(*demo_edition());
  auto maps = std::make_shared<map::MapSet>(*demo_edition()->maps);
  maps->library = std::make_shared<map::MapLibrary>();
  edition->maps = maps;
  reload(edition);
  wait_for_task(task, "v2/unsupported-event");
  EXPECT_THAT(gateway_.parts().parked.all(), SizeIs(1));
}

// An order is what its message is about: it waits for somebody who says which
// one counts, and fills the log with nothing.
TEST_F(ReleasesTest, AnOrderThatWasOvertakenWaitsUntilSomebodyGivesItUp) {
  send(sample("REF_I12/complete.hl7"));
  auto change = with(sample("REF_I12/complete.hl7"), "REF^I12^", "REF^I13^");
  change = with(with(change, "R1001", "R2"), "|F|||2 Oak", "|X|||2 Oak");
  ASSERT_THAT(send(change), HasSubstr("map/unmapped"));
  const auto order = gateway_.stored("ServiceRequest").at(0);
  const auto put = gateway_.put("/fhir/ServiceRequest/" + order.id.id,
                                with(order.body, "\"routine\"", "\"stat\""));
  ASSERT_EQ(put.status, 200) << put.body;
  const auto before = gateway_.message_count();
  reload(knowing("X"));
  const auto task = gateway_.parts().parked.all().at(0).task;
  const auto body = [&] {
    return gateway_.store()
        .read(store::Scope::all(), task, std::nullopt)
        ->value()
        .body;
  };
  wait_for_task(task, "v2/overtaken");
  // The Task's own note, and no more however often it is tried.
  EXPECT_EQ(gateway_.message_count(), before + 1);
  gateway_.parts().parked.wake();
  const auto given_up = gateway_.put(
      "/fhir/" + task.text(), with(body(), "\"requested\"", "\"cancelled\""));
  ASSERT_EQ(given_up.status, 200) << given_up.body;
  wait_for(0);
  EXPECT_EQ(gateway_.message_count(), before + 2);
  EXPECT_THAT(gateway_.stored("ServiceRequest").at(0).body, HasSubstr("stat"));
}

// A Task that is completed by hand would lose its message.
TEST_F(ReleasesTest, NobodyElseCompletesTheTask) {
  send(referral("X"));
  const auto task = gateway_.parts().parked.all().at(0).task;
  const auto body = gateway_.stored("Task", "requested").at(0).body;
  for (const auto* status : {"completed", "failed", "rejected"}) {
    const auto put = gateway_.put(
        "/fhir/" + task.text(),
        with(body, "\"requested\"", "\"" + std::string(status) + "\""));
    EXPECT_EQ(put.status, 422) << status;
    EXPECT_THAT(put.body, HasSubstr("task/parked"));
  }
  EXPECT_EQ(gateway_
                .put("/fhir/" + task.text(),
                     with(body, "\"requested\"", "\"accepted\""))
                .status,
            200);
  reload(knowing("X"));
  wait_for(0);
  EXPECT_THAT(statuses("Task"), ElementsAre("completed"));
}

TEST_F(ReleasesTest, WhatWaitsBehindAMessageThatIsGivenUpGoesOn) {
  send(referral("X"));
  EXPECT_THAT(send(with(referral("F"), "|R1|", "|R2|")),
              HasSubstr("map/waits-behind"));
  const auto task = gateway_.parts().parked.all().at(0).task;
  const auto body =
      gateway_.store().read(store::Scope::all(), task, std::nullopt)->value();
  ASSERT_EQ(gateway_
                .put("/fhir/" + task.text(),
                     with(body.body, "\"requested\"", "\"cancelled\""))
                .status,
            200);
  wait_for(0);
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(1));
  EXPECT_THAT(statuses("Task"),
              testing::UnorderedElementsAre("cancelled", "completed"));
}

TEST_F(ReleasesTest, APartnerThatComesBackBringsItsMessages) {
  send(referral("X"));
  auto without = std::make_shared<Edition>(*demo_edition());
  without->settings.partners.erase("demo-ehr");
  releases_.reset();
  intake_.reset();
  gateway_.restart();
  gateway_.editions().reload([&] { return without; }, gateway_.now);
  intake_ = std::make_unique<V2Intake>(gateway_.parts(), gateway_.pipeline());
  start();
  EXPECT_THAT(gateway_.parts().parked.all(), SizeIs(0));
  reload(knowing("Y"));
  wait_for(1);
  reload(knowing("X"));
  wait_for(0);
  EXPECT_THAT(gateway_.stored("ServiceRequest"), SizeIs(1));
}

}  // namespace
}  // namespace gateway::server
