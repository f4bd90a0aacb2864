// Scenarios of payers other than the clinic's own rule, to the cent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kHardening =
    "{'coding':[{'system':'https://workgate.example/fhir/CodeSystem/program',"
    "'code':'work-hardening'}]}";

std::string cpt(const std::string& code) {
  return "{'coding':[{'system':'http://www.ama-assn.org/go/cpt','code':'" +
         code + "'}]}";
}

Attended lasting(const std::string& id, int minutes) {
  const auto start = *parse_instant("2026-04-13T13:00:00Z");
  return {.id = id,
          .start = utc_text(start),
          .end = utc_text(start + std::chrono::minutes(minutes))};
}

program::Site with_pack(const std::string& pack) {
  auto site = demo_site();
  site.policies[Program::work_conditioning] = {"clinic-work-conditioning",
                                               pack};
  return site;
}

void begin(Clinic& clinic) {
  clinic.store_parties();
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
}

// S9: the payer's policy allows other codes below an hour in all.
TEST(ScenarioTest, OtherCodesBelowTheLimitAreBilled) {
  for (const auto& [last, claim] :
       {std::pair("13:55",
                  "active 97545x1 97546x1 97110x3 97530x1 498.00 "
                  "PA-7001"),
        std::pair("14:00", "active 97545x1 97546x1 302.00 PA-7001")}) {
    Clinic clinic;
    clinic.store_parties();
    clinic.post(order_json({.code = std::string(kHardening)}));
    clinic.post(grant_json({}));
    clinic.post(session_json({.id = "s1",
                              .start = "2026-04-21T09:00:00-05:00",
                              .end = "2026-04-21T12:00:00-05:00",
                              .code = std::string(kHardening)}));
    clinic.post(session_json({.id = "s2",
                              .start = "2026-04-21T13:00:00-05:00",
                              .end = "2026-04-21T13:40:00-05:00",
                              .code = cpt("97110")}));
    clinic.post(
        session_json({.id = "s3",
                      .start = "2026-04-21T13:40:00-05:00",
                      .end = std::string("2026-04-21T") + last + ":00-05:00",
                      .code = cpt("97530")}));
    EXPECT_THAT(clinic.claims(), ElementsAre(claim));
    EXPECT_THAT(clinic.open_tasks(), IsEmpty());
  }
}

// S11: quarters of an hour, of a rule that nobody has verified.
TEST(ScenarioTest, TexasBillsQuartersWhereTheSiteAcceptsThem) {
  for (const auto& [minutes, claim] :
       {std::pair(165, "active 97545x1 97546x0.75 279.00 PA-7001"),
        std::pair(142, "active 97545x1 97546x0.25 233.00 PA-7001"),
        std::pair(143, "active 97545x1 97546x0.5 256.00 PA-7001")}) {
    auto site = with_pack("texas-dwc");
    site.accept_unverified = true;
    Clinic clinic(std::move(site));
    begin(clinic);
    clinic.post(session_json(lasting("s1", minutes)));
    EXPECT_THAT(clinic.claims(), ElementsAre(claim));
    const auto modifiers =
        clinic.all("Claim")[0]->root().get("item").first().get("modifier");
    ASSERT_EQ(modifiers.size(), 1U);
    EXPECT_EQ(modifiers.first().find("coding.code").text(), "WC");
  }
}

TEST(ScenarioTest, AnAccreditedFacilityAddsItsModifierBehindThePrograms) {
  auto site = with_pack("texas-dwc");
  site.accept_unverified = true;
  site.overrides["texas-dwc"]["accredited"] = "true";
  Clinic clinic(std::move(site));
  begin(clinic);
  clinic.post(session_json(lasting("s1", 165)));
  const auto modifiers =
      clinic.all("Claim")[0]->root().get("item").first().get("modifier");
  ASSERT_EQ(modifiers.size(), 2U);
  EXPECT_EQ(modifiers.at(1).find("coding.code").text(), "CA");
}

TEST(ScenarioTest, AnUnverifiedRuleNeverBillsByDefault) {
  Clinic clinic(with_pack("texas-dwc"));
  begin(clinic);
  clinic.post(session_json(lasting("s1", 165)));
  EXPECT_THAT(clinic.claims(),
              ElementsAre("draft 97545x1 97546x0.75 279.00 PA-7001"));
  EXPECT_THAT(clinic.open_tasks().front(),
              ::testing::HasSubstr("review-claim: billing/unverified"));
}

// S2: the same short session under other policies.
TEST(ScenarioTest, AShortSessionUnderOtherKnobs) {
  for (const auto& [rule, least, claims] :
       {std::tuple("MIDPOINT", "0",
                   std::vector<std::string>{"active 97545x1 210.00 PA-7001"}),
        std::tuple("COMPLETED", "0", std::vector<std::string>{})}) {
    auto site = demo_site();
    site.overrides["clinic-work-conditioning"]["minSessionMinutes"] = least;
    site.overrides["cpt-97545-97546"]["unitRule"] = rule;
    Clinic clinic(std::move(site));
    begin(clinic);
    clinic.post(session_json(lasting("s1", 105)));
    EXPECT_EQ(clinic.claims(), claims);
  }
}

TEST(ScenarioTest, AWeekIsOneClaimWhereThePackSaysSo) {
  auto site = demo_site();
  site.overrides["clinic-work-conditioning"]["claimGrouping"] = "WEEK";
  Clinic clinic(std::move(site));
  begin(clinic);
  for (const auto* day : {"13", "14", "20"}) {
    clinic.post(session_json(
        {.id = std::string("s") + day,
         .start = std::string("2026-04-") + day + "T08:00:00-05:00",
         .end = std::string("2026-04-") + day + "T10:00:00-05:00"}));
  }
  EXPECT_THAT(clinic.claims(),
              ElementsAre("active 97545x1 97545x1 420.00 PA-7001",
                          "active 97545x1 210.00 PA-7001"));
  // What was pulled keeps its authorization, and a third day of that week
  // replaces the claim.
  clinic.pull("Claim/" +
              std::string(clinic.all("Claim")[0]->root().get("id").text()));
  clinic.post(session_json({.id = "s15",
                            .start = "2026-04-15T08:00:00-05:00",
                            .end = "2026-04-15T10:00:00-05:00"}));
  EXPECT_EQ(clinic.claims().back(),
            "draft 97545x1 97545x1 97545x1 630.00 PA-7001");
}

TEST(ScenarioTest, MedicareHolds) {
  Clinic clinic(with_pack("medicare"));
  begin(clinic);
  EXPECT_THAT(clinic.open_tasks(),
              ElementsAre("ServiceRequest/r1 review-referral: "
                          "cpt-97545-97546/C4"));
}

TEST(ScenarioTest, TheLastDayToBillIsKnownWhereARuleSaysIt) {
  auto site = with_pack("texas-dwc");
  Clinic clinic(std::move(site));
  begin(clinic);
  clinic.post(session_json(lasting("s1", 165)));
  const auto plan = clinic.plan();
  ASSERT_EQ(plan.claims.size(), 1U);
  EXPECT_EQ(plan.claims[0].file_by->text(), "2026-07-17");
}

TEST(ScenarioTest, NoPolicyWasInForceBeforeItWasActivatedAgain) {
  Clinic clinic;
  clinic.store_parties();
  clinic.post(order_json({.code = std::string(kHardening)}));
  clinic.post(grant_json({.created = "2020-01-01T00:00:00Z",
                          .from = "2020-01-01",
                          .to = "2022-12-31"}));
  clinic.post(session_json({.id = "s1",
                            .start = "2021-04-21T09:00:00-05:00",
                            .end = "2021-04-21T13:00:00-05:00",
                            .code = std::string(kHardening)}));
  EXPECT_THAT(clinic.open_tasks(),
              ElementsAre("Procedure/s1 review-session: program/no-policy"));
  clinic.post(session_json({.id = "s2",
                            .start = "2021-04-22T09:00:00-05:00",
                            .end = "2021-04-22T13:00:00-05:00",
                            .code = std::string(kHardening)}));
  EXPECT_EQ(clinic.claims().back(), "active 97545x1 97546x2 394.00 PA-7001");
}

}  // namespace
}  // namespace gateway::billing
