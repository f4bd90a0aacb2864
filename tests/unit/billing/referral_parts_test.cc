// What an order names and may not use holds it, until the part is mended.

#include "billing/referral_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string part(std::string_view type) {
  const auto start = "{'resourceType':'" + std::string(type) + "'";
  for (const auto& party : party_jsons()) {
    if (party.starts_with(start)) return party;
  }
  return {};
}

std::string replaced(std::string text, std::string_view from,
                     std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

std::string with(std::string text, std::string_view more) {
  text.insert(text.size() - 1, "," + std::string(more));
  return text;
}

std::string session(const std::string& date) {
  return session_json({.id = "s1",
                       .start = date + "T08:00:00-05:00",
                       .end = date + "T11:00:00-05:00"});
}

struct Part {
  const char* name;
  std::string wrong;
  std::string right;
  const char* rule;
};

class WrongPartTest : public ::testing::TestWithParam<Part> {};

TEST_P(WrongPartTest, HoldsTheReferralAndItsSessionsUntilItIsMended) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store("{'resourceType':'Patient','id':'p2'}");
  clinic.store(GetParam().wrong);
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  EXPECT_THAT(clinic.open_tasks(),
              ElementsAre(std::string("ServiceRequest/r1 correct-referral: ") +
                          GetParam().rule));
  clinic.post(session("2026-04-13"));
  EXPECT_EQ(clinic.open_tasks().size(), 2U);
  for (const auto& claim : clinic.claims()) {
    EXPECT_TRUE(claim.starts_with("draft ")) << claim;
  }
  clinic.post(GetParam().right);
  EXPECT_THAT(clinic.open_tasks(), IsEmpty());
  EXPECT_THAT(clinic.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
}

INSTANTIATE_TEST_SUITE_P(
    Parts, WrongPartTest,
    ::testing::Values(
        Part{"CoverageOfAnother",
             replaced(part("Coverage"), "Patient/p1", "Patient/p2"),
             part("Coverage"), "coverage/other-patient"},
        Part{"CoverageCancelled",
             replaced(part("Coverage"), "'status':'active'",
                      "'status':'cancelled'"),
             part("Coverage"), "coverage/not-active"},
        Part{"CoverageLater",
             with(part("Coverage"), "'period':{'start':'2025-11-19'}"),
             with(part("Coverage"), "'period':{'start':'2025-11-18'}"),
             "coverage/before-start"},
        Part{"CoverageEnded",
             with(part("Coverage"), "'period':{'end':'2025-11-17'}"),
             with(part("Coverage"), "'period':{'end':'2026-12-31'}"),
             "coverage/ended"}),
    [](const auto& row) { return std::string(row.param.name); });

// Without its diagnosis the order is held for more than the condition alone.
class WrongConditionTest : public WrongPartTest {};

TEST_P(WrongConditionTest, IsNamedAndBillsNothing) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store("{'resourceType':'Patient','id':'p2'}");
  clinic.store(GetParam().wrong);
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  ASSERT_FALSE(clinic.open_tasks().empty());
  EXPECT_THAT(clinic.open_tasks()[0], ::testing::HasSubstr(GetParam().rule));
  clinic.post(session("2026-04-13"));
  for (const auto& claim : clinic.claims()) {
    EXPECT_TRUE(claim.starts_with("draft ")) << claim;
  }
  clinic.post(GetParam().right);
  EXPECT_THAT(clinic.open_tasks(), IsEmpty());
  EXPECT_THAT(clinic.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
}

std::string doubted(std::string_view status) {
  return with(part("Condition"),
              "'verificationStatus':{'coding':[{'system':"
              "'http://terminology.hl7.org/CodeSystem/condition-ver-status',"
              "'code':'" +
                  std::string(status) + "'}]}");
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, WrongConditionTest,
    ::testing::Values(Part{"OfAnother",
                           replaced(part("Condition"), "Patient/p1",
                                    "Patient/p2"),
                           part("Condition"), "condition/other-patient"},
                      Part{"InError", doubted("entered-in-error"),
                           doubted("confirmed"), "condition/withdrawn"},
                      Part{"Refuted", doubted("refuted"),
                           doubted("provisional"), "condition/withdrawn"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(ReferralPartsTest, AServiceAfterThePolicyOfTheInjuryWarnsOnly) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(with(part("Coverage"),
                    "'period':{'start':'2025-01-01','end':'2025-12-31'}"));
  clinic.post(order_json({}));
  clinic.post(grant_json({}));
  clinic.post(session("2026-04-13"));
  EXPECT_THAT(clinic.claims(),
              ElementsAre("active 97545x1 97546x1 302.00 PA-7001"));
  const auto plan = clinic.plan();
  const auto& judged = plan.visits.front().judgements;
  EXPECT_TRUE(std::any_of(judged.begin(), judged.end(), [](const auto& one) {
    return one.rule == "coverage/service-outside" && !one.holds();
  }));
}

TEST(ReferralPartsTest, WithoutADateOfInjuryTheDateOfServiceDecides) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(
      replaced(part("Condition"), ",'onsetDateTime':'2025-11-18'", ""));
  clinic.store(with(part("Coverage"), "'period':{'end':'2026-04-13'}"));
  clinic.post(order_json({}));
  const auto plan = clinic.plan();
  const auto& view = plan.referrals.front();
  EXPECT_FALSE(coverage_on(view, *LocalDate::parse("2026-04-13"), "x"));
  const auto outside = coverage_on(view, *LocalDate::parse("2026-04-14"), "x");
  ASSERT_TRUE(outside);
  EXPECT_TRUE(outside->holds());
}

}  // namespace
}  // namespace gateway::billing
