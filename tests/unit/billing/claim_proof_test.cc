#include "billing/claim_proof.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

class ClaimProofTest : public ::testing::Test {
 protected:
  ClaimProofTest() {
    clinic_.store_parties();
    clinic_.post(order_json({}));
    clinic_.post(grant_json({}));
    attend("2026-04-10T12:25:00-05:00");
  }
  void attend(const std::string& until, const std::string& status = "") {
    Attended session{
        .id = "s1", .start = "2026-04-10T08:00:00-05:00", .end = until};
    if (!status.empty()) session.status = status;
    clinic_.post(session_json(session));
  }
  std::string id(std::size_t number) const {
    return std::string(
        clinic_.all("Claim").at(number)->root().get("id").text());
  }
  Result<std::vector<ProvenBody>> proof(const std::string& claim) const {
    return prove_claim(clinic_.facts(), clinic_.programs_,
                       {.maps = shipped_maps(),
                        .owner = "ehr",
                        .claim = claim,
                        .now = clinic_.now_});
  }
  // The resource that the proof made.
  static std::string made(const ProvenBody& body) {
    const auto bundle = JsonDocument::parse(body.proof.output.bundle);
    return std::string(
        bundle->root().get("entry").first().get("resource").raw());
  }
  Clinic clinic_;
};

TEST_F(ClaimProofTest, MakesToTheLetterWhatWasEmitted) {
  const auto bodies = proof(id(0));
  ASSERT_TRUE(bodies.ok()) << bodies.error().message;
  ASSERT_EQ(bodies->size(), 2U);
  EXPECT_TRUE(bodies->at(0).map.starts_with("emit/claim|"));
  EXPECT_TRUE(bodies->at(1).map.starts_with("emit/encounter|"));
  for (const auto& body : *bodies) {
    EXPECT_EQ(made(body), body.body);
    EXPECT_FALSE(body.proof.output.lineage.empty());
    EXPECT_NE(std::find(body.inputs.begin(), body.inputs.end(),
                        "Procedure/s1/_history/1"),
              body.inputs.end());
  }
}

TEST_F(ClaimProofTest, AReplacementIsProvedWithWhatItReplaces) {
  clinic_.pull("Claim/" + id(0));
  attend("2026-04-10T10:25:00-05:00");
  ASSERT_EQ(clinic_.all("Claim").size(), 2U);
  const auto bodies = proof(id(1));
  ASSERT_TRUE(bodies.ok());
  ASSERT_FALSE(bodies->empty());
  EXPECT_EQ(made(bodies->front()), bodies->front().body);
}

TEST_F(ClaimProofTest, AVoidAndAWithdrawnClaimHaveNone) {
  clinic_.pull("Claim/" + id(0));
  attend("2026-04-10T12:25:00-05:00", "entered-in-error");
  ASSERT_EQ(clinic_.all("Claim").size(), 2U);
  EXPECT_TRUE(proof(id(0))->empty());
  EXPECT_TRUE(proof(id(1))->empty());
  EXPECT_TRUE(proof("nope")->empty());
}

}  // namespace
}  // namespace gateway::billing
