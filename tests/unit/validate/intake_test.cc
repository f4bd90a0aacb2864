// What refuses, what holds, and what a waiver makes of it.

#include "validate/intake.h"

#include <gtest/gtest.h>

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

const Instant kNow = *parse_instant("2026-04-06T12:00:00Z");
constexpr const char* kBase = "https://workgate.example/fhir";

const Validator& validator() {
  static const Validator kValidator(core());
  return kValidator;
}

struct Judged {
  Texts refuses;  // "rule at expression"
  Texts holds;
};

Texts texts(const fhir::Outcome& outcome, fhir::Severity severity) {
  Texts all;
  for (const auto& finding : outcome.findings()) {
    if (finding.severity != severity) continue;
    all.push_back(finding.rule + " at " + finding.expression);
  }
  return all;
}

Judged judged(const std::string& text, const Waivers& waivers = {}) {
  const Intake intake(validator(), waivers, kBase);
  const auto document = parse_shared(text, core()->keys());
  EXPECT_TRUE(document.ok()) << text;
  return {
      texts(intake.judge(**document, kNow), fhir::Severity::error),
      texts(intake.held((*document)->root(), kNow), fhir::Severity::warning)};
}

std::string session(const std::string& more) {
  return R"({"resourceType":"Procedure","status":"completed",)" + more +
         R"("code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt",)"
         R"("code":"97545"}]},"subject":{"reference":"Patient/1"}})";
}

TEST(IntakeTest, OurProfilesHoldAndRefuseOnlyWhoClaimsThem) {
  const auto unclaimed = judged(session(""));
  EXPECT_EQ(unclaimed.refuses, Texts());
  EXPECT_FALSE(unclaimed.holds.empty());
  const auto claimed =
      judged(session(R"("meta":{"profile":[")" + std::string(kBase) +
                     R"(/StructureDefinition/wc-session"]},)"));
  EXPECT_EQ(claimed.refuses, unclaimed.holds);
  EXPECT_EQ(claimed.holds, Texts());
}

TEST(IntakeTest, OtherProceduresAndClaimsAreNoneOfOurs) {
  EXPECT_EQ(judged(R"({"resourceType":"Procedure","status":"completed",)"
                   R"("subject":{"reference":"Patient/1"}})")
                .holds,
            Texts());
  EXPECT_EQ(judged(R"({"resourceType":"Patient"})").holds, Texts());
}

TEST(IntakeTest, APeriodThatEndsBeforeItStartsHasANameOfOurs) {
  EXPECT_EQ(judged(session(R"("performedPeriod":{"start":)"
                           R"("2026-04-06T10:00:00Z","end":)"
                           R"("2026-04-06T08:00:00Z"},)"))
                .refuses,
            Texts{"time/negative at Procedure.performed.ofType(Period)"});
}

TEST(IntakeTest, AWaiverLetsOneDefectThrough) {
  const std::string kText = R"({"resourceType":"Patient","gender":"mail"})";
  ASSERT_EQ(judged(kText).refuses, Texts{"binding/required at Patient.gender"});
  const auto entry = [](const std::string& day) {
    return *Waivers::parse(
        "version: 1\nwaivers:\n  - {rule: binding/required, path: "
        "Patient.gender, reason: r, expires: " +
            day + "}\n",
        "w.yaml");
  };
  EXPECT_EQ(judged(kText, entry("2026-04-06")).refuses, Texts());
  EXPECT_EQ(judged(kText, entry("2026-04-05")).refuses,
            Texts{"binding/required at Patient.gender"});
}

TEST(IntakeTest, DaysAreThoseOfUtc) {
  EXPECT_EQ(utc_day(*parse_instant("2026-04-06T23:59:59-05:00")).text(),
            "2026-04-07");
}

TEST(IntakeTest, AnEndThatIsKeptAsideHoldsAGrant) {
  const auto grant = [](const std::string& period) {
    return R"({"resourceType":"ClaimResponse","status":"active",)"
           R"("use":"preauthorization","outcome":"complete",)"
           R"("type":{"coding":[{"system":)"
           R"("http://terminology.hl7.org/CodeSystem/claim-type",)"
           R"("code":"professional"}]},"patient":{"reference":"Patient/1"},)"
           R"("created":"2026-04-01","insurer":{"display":"x"},)"
           R"("preAuthRef":"A","preAuthPeriod":)" +
           period + "}";
  };
  const std::string url =
      std::string(kBase) + "/StructureDefinition/end-as-sent";
  const auto aside =
      judged(grant(R"({"start":"2026-04-05","_end":{"extension":[{"url":")" +
                   url + R"(","valueDateTime":"2026-03-05"}]}})"));
  EXPECT_EQ(aside.refuses, Texts());
  const auto right =
      judged(grant(R"({"start":"2026-04-05","end":"2026-07-05"})"));
  Texts wanted = right.holds;
  wanted.insert(wanted.begin(), "time/negative at ClaimResponse.preAuthPeriod");
  EXPECT_EQ(aside.holds, wanted);
}

}  // namespace
}  // namespace gateway::validate
