#include "server/case_shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kOwner = "demo-ehr";

// What decisions rest on, as text: two cases with the same text know the same.
std::string summary(const KnownCase& known) {
  std::string text;
  const auto add = [&text](const auto& records) {
    for (const auto& [key, record] : records) {
      text += key + "/" + std::to_string(record.source.version) + "\n";
    }
  };
  add(known.facts.referrals());
  add(known.facts.coverages());
  add(known.facts.authorizations());
  add(known.facts.sessions());
  add(known.facts.locations());
  add(known.facts.organizations());
  add(known.facts.practitioners());
  add(known.facts.roles());
  add(known.facts.conditions());
  add(known.facts.emitted());
  for (const auto& [key, emitted] : known.facts.emitted()) {
    text += emitted.key + (known.facts.pulled(key) ? " pulled\n" : "\n");
  }
  for (const auto& entry : known.posted) {
    text += entry.authorization + " " + entry.account + " " + entry.unit + " " +
            entry.amount + " " + entry.cause + " " + entry.reason + "\n";
  }
  return text;
}

class CaseShelfTest : public testing::Test {
 protected:
  CaseShelf& shelf() { return gateway_.parts().shelf; }
  std::shared_ptr<KnownCase> take(const std::string& key) {
    auto taken = shelf().take(kOwner, key);
    EXPECT_TRUE(taken.ok()) << (taken.ok() ? "" : taken.error().message);
    return taken.ok() ? *taken : nullptr;
  }
  // A week of one patient; gives the key of the case.
  std::string week(const std::string& patient) {
    const auto referral =
        gateway_.post("/fhir", demo("referral.json", patient));
    EXPECT_EQ(referral.status, 200);
    for (const auto* file :
         {"session-1-monday.json", "session-4-thursday.json"}) {
      EXPECT_EQ(gateway_.post("/fhir", demo(file, patient)).status, 200);
    }
    return referral.entry("Patient");
  }
  void pull_first_claim() {
    const auto claim = gateway_.stored("Claim").front().id.text();
    std::promise<void> end;
    gateway_.pipeline().send_pulled(
        gateway_.read("/fhir/" + claim, "demo-clearinghouse"),
        [&] { end.set_value(); },
        [&](const transport::Response&) { end.set_value(); });
    end.get_future().wait();
  }

  ScratchGateway gateway_{1};
};

TEST_F(CaseShelfTest, GivesTheSameCaseAgain) {
  const auto key = week("a");
  EXPECT_EQ(take(key).get(), take(key).get());
  EXPECT_EQ(shelf().on_shelf(kOwner, key).get(), take(key).get());
}

TEST_F(CaseShelfTest, WhatWasPutAsideIsReadBackTheSame) {
  const auto first = week("a");
  pull_first_claim();
  const auto known = take(first);
  ASSERT_NE(known, nullptr);
  const auto before = summary(*known);
  EXPECT_NE(before.find("Claim/"), std::string::npos);
  EXPECT_NE(before.find(" pulled"), std::string::npos);
  EXPECT_NE(before.find(" used "), std::string::npos);
  const auto second = week("b");  // there is room for one
  EXPECT_EQ(shelf().on_shelf(kOwner, first), nullptr);
  EXPECT_NE(shelf().on_shelf(kOwner, second), nullptr);
  const auto again = take(first);
  ASSERT_NE(again, nullptr);
  EXPECT_NE(again, known);
  EXPECT_EQ(summary(*again), before);
  EXPECT_EQ(shelf().on_shelf(kOwner, second), nullptr);
}

TEST_F(CaseShelfTest, ThoseTakenLatelyStay) {
  CaseShelf two(gateway_.store(), gateway_.parts().keys,
                demo_settings().canonical_base, 2);
  ASSERT_TRUE(two.take(kOwner, "Patient/1").ok());
  ASSERT_TRUE(two.take(kOwner, "Patient/2").ok());
  ASSERT_TRUE(two.take(kOwner, "Patient/1").ok());
  ASSERT_TRUE(two.take(kOwner, "Patient/3").ok());
  EXPECT_NE(two.on_shelf(kOwner, "Patient/1"), nullptr);
  EXPECT_EQ(two.on_shelf(kOwner, "Patient/2"), nullptr);
  EXPECT_NE(two.on_shelf(kOwner, "Patient/3"), nullptr);
}

TEST_F(CaseShelfTest, CasesArePartnersOwn) {
  const auto key = week("a");
  const auto other = shelf().take("other-ehr", key);
  ASSERT_TRUE(other.ok());
  EXPECT_THAT((*other)->facts.referrals(), IsEmpty());
}

TEST_F(CaseShelfTest, ForgetsWhatWasNotKept) {
  const auto key = week("a");
  const auto known = take(key);
  known->posted.clear();
  shelf().forget(kOwner, key);
  EXPECT_EQ(shelf().on_shelf(kOwner, key), nullptr);
  EXPECT_FALSE(take(key)->posted.empty());
  shelf().forget(kOwner, "Patient/none");  // nothing to forget
}

TEST_F(CaseShelfTest, FillsInWhatTheCaseRefersTo) {
  const auto key = week("a");
  shelf().forget(kOwner, key);
  const auto known = take(key);
  // Shared resources belong to no case, but this one reads them.
  EXPECT_FALSE(known->facts.locations().empty());
  EXPECT_FALSE(known->facts.organizations().empty());
  EXPECT_THAT(known->facts.parties(), IsEmpty());
  for (const auto& [location, record] : known->facts.locations()) {
    EXPECT_THAT(shelf().users(kOwner, location), ElementsAre(key));
  }
}

TEST_F(CaseShelfTest, WhoWaitsForAResourceIsItsUser) {
  KnownCase known(demo_settings().canonical_base);
  const auto document = parse_shared(
      R"({"resourceType":"Procedure","id":"s","status":"completed",
          "subject":{"reference":"Patient/p"},
          "location":{"reference":"Location/late"}})",
      gateway_.parts().keys);
  ASSERT_TRUE(document.ok());
  known.facts.apply({.id = {"Procedure", "s"}, .document = *document});
  const auto asked = shelf().fill(kOwner, "Patient/p", known);
  ASSERT_TRUE(asked.ok());
  EXPECT_THAT(*asked, Contains("Location/late"));
  EXPECT_THAT(shelf().users(kOwner, "Location/late"), ElementsAre("Patient/p"));
  EXPECT_THAT(shelf().users("other-ehr", "Location/late"), IsEmpty());
}

TEST_F(CaseShelfTest, NotesUsersOnce) {
  EXPECT_THAT(shelf().users(kOwner, "Location/1"), IsEmpty());
  shelf().note_user(kOwner, "Location/1", "Patient/2");
  shelf().note_user(kOwner, "Location/1", "Patient/1");
  shelf().note_user(kOwner, "Location/1", "Patient/2");
  EXPECT_THAT(shelf().users(kOwner, "Location/1"),
              ElementsAre("Patient/1", "Patient/2"));
}

}  // namespace
}  // namespace gateway::server
