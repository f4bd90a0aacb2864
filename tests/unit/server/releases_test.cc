#include "server/releases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "server/v2_intake.h"
#include "unit/server/v2_sender.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// Edition of the demo in which a table has one row more.
SharedEdition with_row(const std::string& table, const std::string& row) {
  auto maps = std::make_shared<map::MapSet>(*demo_edition()->maps);
  std::vector<map::MapProblem> problems;
  auto overlay =
      map::load_overlay({"demo-ehr.yaml", "partner: demo-ehr\ntables: { " +
                                              table + ": { " + row + " } }\n"},
                        *maps->library, problems);
  EXPECT_EQ(map::text_of(problems), "");
  maps->partners.insert_or_assign("demo-ehr", std::move(overlay));
  maps->hash += std::to_string(std::hash<std::string>()(row));
  auto edition = std::make_shared<Edition>(*demo_edition());
  edition->maps = std::move(maps);
  return edition;
}

SharedEdition knowing(const std::string& code) {
  return with_row("sex", code + ": unknown");
}

constexpr std::chrono::milliseconds kLook{20};

class ReleasesTest : public V2SenderTest {
 protected:
  ReleasesTest() { EXPECT_TRUE(releases_->begin()); }

  // A referral of a patient whose sex is `code`, under an order of its own.
  static std::string referral(const std::string& code,
                              const std::string& number = "1") {
    auto text = sample("REF_I12/complete.hl7");
    text = with(text, "|F|||2 Oak", "|" + code + "|||2 Oak");
    text = with(text, "R1001", "R" + number);
    text = with(text, "X-1^HIE", "X-" + number + "^HIE");
    return with(text, "R-77", "R-" + number);
  }
  void reload(const SharedEdition& edition) {
    gateway_.editions().reload([&] { return edition; }, gateway_.now);
    gateway_.parts().parked.wake();
  }
  // Until so many wait.
  void wait_for(std::size_t count) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (gateway_.parts().parked.all().size() != count &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_THAT(gateway_.parts().parked.all(), SizeIs(count));
  }
  // Until the Task says that.
  void wait_for_task(const fhir::ResourceId& task, const std::string& text) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::string body;
    while (body.find(text) == std::string::npos &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      body = gateway_.store()
                 .read(store::Scope::all(), task, std::nullopt)
                 ->value()
                 .body;
    }
    ASSERT_THAT(body, HasSubstr(text));
  }
  std::vector<std::string> statuses(const std::string& type) {
    std::vector<std::string> all;
    for (const auto& one : gateway_.stored(type)) {
      const auto document = JsonDocument::parse(one.body);
      const Json root = document->root();
      const bool parking =
          root.get("identifier").first().get("system").text() ==
          "https://workgate.example/fhir/NamingSystem/"
          "parked-message";
      if (type == "Task" && !parking) continue;
      all.emplace_back(root.get("status").text());
    }
    return all;
  }
  void restart() {
    releases_.reset();
    intake_.reset();
    gateway_.restart();
    intake_ = std::make_unique<V2Intake>(gateway_.parts(), gateway_.pipeline());
    start();
  }
  void start() {
    releases_ = std::make_unique<Releases>(gateway_.parts(), *intake_, kLook);
    ASSERT_TRUE(releases_->begin());
  }

  std::unique_ptr<Releases> releases_ =
      std::make_unique<Releases>(gateway_.parts(), *intake_, kLook);
};

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

// What no table knows keeps the session out of the bundle; it is found by its
// visit all the same.
class UnknownServiceTest : public ReleasesTest {
 protected:
  UnknownServiceTest() {
    EXPECT_THAT(send(sample("REF_I12/complete.hl7")), HasSubstr("MSA|AA|"));
    EXPECT_THAT(send(sample("ADT_A03/unknown-service.hl7")),
                HasSubstr("map/unmapped"));
  }
  void add_row() {
    reload(with_row("session-code",
                    "WX: { to: work-conditioning, system: "
                    "\"https://workgate.example/fhir/CodeSystem/program\" }"));
  }
  Json session() {
    const auto all = gateway_.stored("Procedure");
    EXPECT_THAT(all, SizeIs(1));
    kept_ = *JsonDocument::parse(all.at(0).body);
    return kept_->root();
  }

  std::optional<JsonDocument> kept_;
};

TEST_F(UnknownServiceTest, ItsCorrectionWaitsBehindIt) {
  const auto corrected =
      with(sample("ADT_A03/session.hl7"), "20260406104500", "20260406114500");
  EXPECT_THAT(send(corrected), HasSubstr("map/waits-behind"));
  add_row();
  wait_for(0);
  EXPECT_THAT(session().find("performedPeriod.end").text(),
              HasSubstr("T11:45:00"));
}

TEST_F(UnknownServiceTest, ItsCancellationWaitsBehindIt) {
  EXPECT_THAT(send(sample("ADT_A09/cancelled.hl7")),
              HasSubstr("map/waits-behind"));
  add_row();
  wait_for(0);
  EXPECT_EQ(session().get("status").text(), "entered-in-error");
  EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(0));
}

// The last word counts, though the one before it said the same.
TEST_F(UnknownServiceTest, WhatIsWithdrawnIsWithdrawnAgainBehindIt) {
  send_as("A1", with(sample("ADT_A03/session.hl7"), "V-900", "V-950"));
  const auto cancelled =
      with(sample("ADT_A09/cancelled.hl7"), "V-900", "V-950");
  // It stands: what waits for it is nothing that this waits for.
  EXPECT_THAT(send_as("A2", cancelled), Not(HasSubstr("map/waits-behind")));
  const auto unknown = sample("ADT_A03/unknown-service.hl7");
  EXPECT_THAT(send_as("A3", with(unknown, "V-900", "V-950")),
              HasSubstr("map/unmapped"));
  EXPECT_THAT(send_as("A4", cancelled), HasSubstr("map/waits-behind"));
  EXPECT_THAT(send(sample("ADT_A09/cancelled.hl7")),
              HasSubstr("map/waits-behind"));
  add_row();
  wait_for(0);
  const auto sessions = gateway_.stored("Procedure");
  ASSERT_THAT(sessions, SizeIs(2));
  for (const auto& one : sessions) {
    EXPECT_THAT(one.body, HasSubstr("entered-in-error"));
  }
  EXPECT_THAT(gateway_.stored("Claim", "active"), SizeIs(0));
}

// A charge of an order that waits comes with the credit of one that stands:
// they are one message.
TEST_F(ReleasesTest, ACreditWaitsWithTheChargeBesideIt) {
  send(sample("REF_I12/complete.hl7"));
  send(sample("DFT_P03/session.hl7"));
  ASSERT_THAT(send(referral("X", "2")), HasSubstr("map/unmapped"));
  auto both = sample("DFT_P03/credit.hl7");
  auto charge = both.substr(both.find("FT1|1|"));
  charge = with(with(charge, "FT1|1|T-1|", "FT1|2|T-9|"), "R-77", "R-2");
  both += with(with(charge, "|CD|", "|CG|"), "20260406", "20260407");
  EXPECT_THAT(send(both), HasSubstr("map/waits-behind"));
  reload(knowing("X"));
  wait_for(0);
  // Two of the first message, and the one that waited.
  EXPECT_THAT(gateway_.stored("Procedure"), SizeIs(3));
}

TEST_F(UnknownServiceTest, OtherSessionsOfTheOrderDoNotWait) {
  const auto other = with(sample("ADT_A03/session.hl7"), "V-900", "V-901");
  EXPECT_THAT(send(with(other, "20260406", "20260407")),
              Not(HasSubstr("map/waits-behind")));
  EXPECT_THAT(gateway_.stored("Procedure"), SizeIs(1));
}

TEST_F(ReleasesTest, ACreditWaitsBehindItsCharge) {
  send(sample("REF_I12/complete.hl7"));
  const auto charge =
      with(with(sample("DFT_P03/credit.hl7"), "|CD|97545", "|CG|ZZ1"), "D6003",
           "D1");
  EXPECT_THAT(send(with(charge, "R-77^EHR||97545", "R-77^EHR||ZZ1")),
              HasSubstr("map/unmapped"));
  EXPECT_THAT(send(sample("DFT_P03/credit.hl7")),
              HasSubstr("map/waits-behind"));
  reload(with_row("charge-code",
                  "ZZ1: { to: \"97545\", system: "
                  "\"http://www.ama-assn.org/go/cpt\" }"));
  wait_for(0);
  const auto sessions = gateway_.stored("Procedure");
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_THAT(sessions[0].body, HasSubstr("entered-in-error"));
}

// Newer data of a patient stands; and what waited is told apart from it.
class PatientUpdateTest : public ReleasesTest {
 protected:
  PatientUpdateTest() {
    EXPECT_THAT(send(sample("ADT_A01/registered.hl7")), HasSubstr("MSA|AA|"));
  }
  static std::string update(const std::string& id, const std::string& use,
                            const std::string& street) {
    auto text = with(sample("ADT_A01/registered.hl7"), "ADT^A04", "ADT^A08");
    text = with(text, "A4001", id);
    text = with(text, "^^^^L||", "^^^^" + use + "||");
    return with(text, "2 Oak St", street);
  }
  std::string patient() { return gateway_.stored("Patient").at(0).body; }
};

TEST_F(PatientUpdateTest, WhatWaitedOverwritesNothingNewer) {
  EXPECT_THAT(send(update("U1", "ZZ", "1 Old St")), HasSubstr("map/unmapped"));
  EXPECT_THAT(send(update("U2", "L", "2 New St")), HasSubstr("MSA|AA|U2"));
  EXPECT_THAT(patient(), HasSubstr("2 New St"));
  reload(with_row("name-use", "ZZ: usual"));
  wait_for(0);
  EXPECT_THAT(patient(), HasSubstr("2 New St"));
  const auto kept = gateway_.newest_message().message;
  EXPECT_EQ(kept.peer, "release of 2");
  EXPECT_EQ(kept.rule, "v2/overtaken");
  EXPECT_EQ(kept.state, MessageState::accepted);
}

TEST_F(PatientUpdateTest, OfTwoThatWaitedTheLaterStands) {
  send(update("U1", "ZZ", "1 Old St"));
  send(update("U2", "ZZ", "2 New St"));
  reload(with_row("name-use", "ZZ: usual"));
  wait_for(0);
  EXPECT_THAT(patient(), HasSubstr("2 New St"));
  EXPECT_EQ(gateway_.newest_message().message.rule, "");
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
