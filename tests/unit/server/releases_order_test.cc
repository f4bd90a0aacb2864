// Which message waits behind which, and what of those that waited counts.

#include "unit/server/releases_fixture.h"

namespace gateway::server {
namespace {

using store::MessageState;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

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

// It would stand, and be billed, until the row comes.
TEST_F(ReleasesTest, WhatTakesBackASessionIsNotParked) {
  send(sample("REF_I12/complete.hl7"));
  send(sample("DFT_P03/session.hl7"));
  auto both = sample("DFT_P03/credit.hl7");
  const auto charge = both.substr(both.find("FT1|1|"));
  auto corrected = with(with(charge, "FT1|1|", "FT1|2|"), "|CD|", "|CG|");
  corrected = with(with(corrected, "97545", "ZZ1"), "104500", "114500");
  EXPECT_THAT(send(both + corrected), HasSubstr("MSA|AE|"));
  EXPECT_THAT(gateway_.parts().parked.all(), SizeIs(0));
  // Nor does it wait behind what is about the same, for what is new beside it.
  const auto unknown =
      with(with(sample("DFT_P03/one-charge.hl7"), "97545", "ZZ1"), "104500",
           "114500");
  ASSERT_THAT(send(unknown), HasSubstr("map/unmapped"));
  auto other = with(with(charge, "FT1|1|T-1|", "FT1|2|T-9|"), "|CD|", "|CG|");
  EXPECT_THAT(
      send_as("D9", both + with(other, "20260406", "20260407")),
      testing::AllOf(HasSubstr("MSA|AA|"), Not(HasSubstr("map/waits-behind"))));
  std::size_t withdrawn = 0;
  for (const auto& one : gateway_.stored("Procedure")) {
    if (one.body.find("entered-in-error") != std::string::npos) ++withdrawn;
  }
  EXPECT_EQ(withdrawn, 1U);
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

}  // namespace
}  // namespace gateway::server
