// $validate says what is wrong with a resource, with its place in what was
// sent, and refuses only what cannot be judged.

#include "exchange/validate_operation.h"

#include <gmock/gmock.h>

#include "unit/exchange/operations.h"

namespace gateway::exchange {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kGood = R"({"resourceType":"Patient","gender":"male"})";
constexpr const char* kBad = R"({"resourceType":"Patient","gender":"mael"})";

Response judged(const std::string& target, const std::string& body,
                const std::optional<std::string>& stored = std::nullopt) {
  return validate_answer(asked("POST", target, body), body, stored,
                         core_intake(), test_site(), noon());
}

std::string parameters(const std::string& inner) {
  return R"({"resourceType":"Parameters","parameter":[)" + inner + "]}";
}

TEST(ValidateOperationTest, TakesTheResourceBareOrAsAParameter) {
  const auto wrapped = [](const std::string& resource) {
    return parameters(R"({"name":"resource","resource":)" + resource + "}");
  };
  for (const auto* target : {"/fhir/$validate", "/fhir/Patient/$validate",
                             "/fhir/Patient/p/$validate"}) {
    EXPECT_EQ(first_issue(judged(target, kGood)), "200 ") << target;
    EXPECT_EQ(first_issue(judged(target, wrapped(kGood))), "200 ") << target;
    EXPECT_EQ(first_issue(judged(target, kBad)),
              "200 binding/required Patient.gender")
        << target;
    EXPECT_EQ(first_issue(judged(target, wrapped(kBad))),
              "200 binding/required Patient.gender")
        << target;
  }
}

TEST(ValidateOperationTest, SaysWhatIsNearestAndWhereItStandsInTheBody) {
  const std::string body = parameters(
      "\n{\"name\":\"resource\",\"resource\":" + std::string(kBad) + "}");
  const auto response = judged("/fhir/$validate", body);
  EXPECT_THAT(response.body, HasSubstr("did you mean male?"));
  const auto at = body.find("\"mael\"");
  EXPECT_THAT(response.body, HasSubstr(R"("url":"offset","valueUnsignedInt":)" +
                                       std::to_string(at)));
  EXPECT_THAT(response.body, HasSubstr(R"("url":"line","valueUnsignedInt":2)"));
}

TEST(ValidateOperationTest, JudgesTypesThatAreNotKeptHere) {
  EXPECT_EQ(first_issue(judged("/fhir/Medication/$validate",
                               R"({"resourceType":"Medication"})")),
            "200 ");
  EXPECT_EQ(first_issue(judged("/fhir/Nothing/$validate", kGood)),
            "404 rest/unknown-type");
  EXPECT_EQ(first_issue(judged("/fhir/HumanName/$validate", kGood)),
            "404 rest/unknown-type");
}

TEST(ValidateOperationTest, HoldsItAgainstAProfileThatTheCallerNames) {
  const std::string kSession =
      R"({"resourceType":"Procedure","status":"completed",)"
      R"("subject":{"reference":"Patient/1"}})";
  const std::string profile =
      "https://workgate.example/fhir/StructureDefinition/wc-session";
  EXPECT_EQ(first_issue(judged("/fhir/Procedure/$validate", kSession)), "200 ");
  const auto found =
      judged("/fhir/Procedure/$validate?profile=" + profile, kSession);
  EXPECT_THAT(found.body, HasSubstr("\"error\""));
  EXPECT_EQ(
      first_issue(judged("/fhir/Procedure/$validate?profile=" + profile + "s",
                         kSession)),
      "404 profile/not-loaded profile");
  EXPECT_THAT(
      judged("/fhir/Procedure/$validate?profile=" + profile + "s", kSession)
          .body,
      HasSubstr("did you mean " + profile));
}

TEST(ValidateOperationTest, WhatOnlyOurProfileMindsIsAWarning) {
  const auto found =
      judged("/fhir/Procedure/$validate",
             R"({"resourceType":"Procedure","status":"completed",)"
             R"("code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt",)"
             R"("code":"97545"}]},"subject":{"reference":"Patient/1"}})");
  EXPECT_EQ(found.status, 200);
  EXPECT_THAT(found.body, HasSubstr("StructureDefinition/wc-session"));
  EXPECT_THAT(found.body, HasSubstr(R"("severity":"warning")"));
  EXPECT_THAT(found.body, Not(HasSubstr(R"("severity":"error")")));
}

TEST(ValidateOperationTest, ModesSayWhatElseWouldBeWrong) {
  struct Case {
    const char* target;
    const char* wanted;
  };
  const Case kCases[] = {
      {"/fhir/Patient/$validate?mode=create", "200 "},
      {"/fhir/Patient/p/$validate?mode=update",
       "200 rest/bad-entry Patient.id"},
      {"/fhir/Patient/p/$validate?mode=delete", "200 rest/method Patient"},
      {"/fhir/Patient/$validate?mode=profile",
       "400 operation/bad-parameter profile"},
      {"/fhir/Patient/$validate?mode=other",
       "400 operation/bad-parameter mode"},
      {"/fhir/Claim/$validate", "200 rest/bad-entry resourceType"},
  };
  for (const auto& [target, wanted] : kCases) {
    EXPECT_EQ(first_issue(judged(target, kGood)), wanted) << target;
  }
  EXPECT_EQ(first_issue(judged("/fhir/Patient/p/$validate?mode=update",
                               R"({"resourceType":"Patient","id":"p"})")),
            "200 ");
}

TEST(ValidateOperationTest, JudgesWhatIsStored) {
  const auto stored =
      validate_answer(asked("GET", "/fhir/Patient/p/$validate"), "",
                      std::string(kBad), core_intake(), test_site(), noon());
  EXPECT_EQ(first_issue(stored), "200 binding/required Patient.gender");
}

TEST(ValidateOperationTest, RefusesWhatCannotBeJudged) {
  EXPECT_EQ(first_issue(judged("/fhir/Patient/$validate", parameters(""))),
            "400 operation/missing-parameter");
  EXPECT_EQ(first_issue(judged("/fhir/Patient/$validate", "{\"a\":1}")),
            "400 operation/no-resource");
  EXPECT_EQ(first_issue(judged("/fhir/Patient/$validate", "{")),
            "400 rest/invalid");
}

}  // namespace
}  // namespace gateway::exchange
