#include "exchange/code_operation.h"

#include <gmock/gmock.h>

#include "unit/exchange/operations.h"

namespace gateway::exchange {
namespace {

using testing::HasSubstr;

Response checked(const std::string& target, const std::string& body = {}) {
  return validate_code_answer(
      asked(body.empty() ? "GET" : "POST", "/fhir/" + target, body), body,
      validate::core(), test_site());
}

Response found(const std::string& query) {
  return lookup_answer(asked("GET", "/fhir/CodeSystem/$lookup" + query), {},
                       *validate::core(), test_site());
}

std::string part(const Response& response, std::string_view name) {
  const auto document = json_of(response.body);
  for (const Json one : document.root().get("parameter")) {
    if (one.get("name").text() != name) continue;
    for (const Json member : one) {
      if (member.name().starts_with("value")) return std::string(member.text());
      if (member.name() == "resource") return std::string(member.raw());
    }
  }
  return {};
}

const std::string kInGender =
    "ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/"
    "administrative-gender";
const std::string kOfGender = "http://hl7.org/fhir/administrative-gender";

TEST(CodeOperationTest, SaysWhetherACodeIsInAValueSet) {
  const auto yes = checked(kInGender + "&code=male&system=" + kOfGender);
  EXPECT_EQ(part(yes, "result"), "true");
  EXPECT_EQ(part(yes, "display"), "Male");
  EXPECT_EQ(validate::errors(yes.body), validate::Texts());
  EXPECT_EQ(part(checked(kInGender + "&code=male"), "system"), kOfGender);
  const auto no = checked(kInGender + "&code=mael&system=" + kOfGender);
  EXPECT_EQ(part(no, "result"), "false");
  EXPECT_THAT(part(no, "message"), HasSubstr("did you mean male?"));
  EXPECT_THAT(part(no, "issues"), HasSubstr("terminology/unknown-code"));
  EXPECT_EQ(validate::errors(no.body), validate::Texts());
  EXPECT_EQ(part(checked(kInGender + "&code=male&system=urn:other"), "result"),
            "false");
  const auto named =
      checked(kInGender + "&code=male&display=Woman&system=" + kOfGender);
  EXPECT_EQ(part(named, "result"), "false");
  EXPECT_THAT(part(named, "issues"), HasSubstr("terminology/display"));
}

TEST(CodeOperationTest, OneGoodCodingOfAConceptIsEnough) {
  EXPECT_EQ(
      part(checked("ValueSet/$validate-code",
                   R"({"resourceType":"Parameters","parameter":[{"name":"url",)"
                   R"("valueUri":"http://hl7.org/fhir/ValueSet/)"
                   R"(administrative-gender"},{"name":"codeableConcept",)"
                   R"("valueCodeableConcept":{"coding":[{"system":"urn:x",)"
                   R"("code":"y"},{"system":")" +
                       kOfGender + R"(","code":"other"}]}}]})"),
           "result"),
      "true");
}

// The code, the system and the display of the answer are of one coding.
TEST(CodeOperationTest, AnswersOfOneCodingAtATime) {
  const auto answer = checked(
      "ValueSet/$validate-code",
      R"({"resourceType":"Parameters","parameter":[{"name":"url","valueUri":)"
      R"("http://hl7.org/fhir/ValueSet/administrative-gender"},{"name":)"
      R"("codeableConcept","valueCodeableConcept":{"coding":[{"system":"x:y",)"
      R"("code":"q"},{"system":")" +
          kOfGender + R"(","code":"female"}]}}]})");
  EXPECT_EQ(part(answer, "result"), "true");
  EXPECT_EQ(part(answer, "code"), "female");
  EXPECT_EQ(part(answer, "system"), kOfGender);
}

TEST(CodeOperationTest, SaysThatAnotherVersionIsHeld) {
  const auto set =
      "ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/"
      "administrative-gender";
  const auto rest = "&code=male&system=" + kOfGender;
  EXPECT_EQ(first_issue(checked(std::string(set) + "%7C9.9" + rest)),
            "404 terminology/other-version url");
  EXPECT_EQ(part(checked(std::string(set) + "%7C4.0.1" + rest), "result"),
            "true");
  EXPECT_EQ(part(checked(std::string(set) + "%7C4.0" + rest), "result"),
            "true");
  const auto other = checked(set + rest + "&version=9.9");
  EXPECT_EQ(part(other, "result"), "false");
  EXPECT_THAT(part(other, "issues"), HasSubstr("terminology/other-version"));
  EXPECT_EQ(part(checked(set + rest + "&version=4.0.1"), "result"), "true");
  EXPECT_EQ(
      first_issue(found("?system=" + kOfGender + "&code=female&version=9.9")),
      "404 terminology/other-version code");
  EXPECT_EQ(found("?system=" + kOfGender + "&code=female&version=4.0.1").status,
            200);
}

// What is not held is never a silent yes: the answer names what is missing.
TEST(CodeOperationTest, ExternalCodesAreCheckedByFormatAndNotHeldAsChecked) {
  struct Case {
    const char* system;
    const char* well_formed;
    const char* ill_formed;
  };
  const Case kCases[] = {
      {"http://snomed.info/sct", "73211009", "diabetes"},
      {"http://loinc.org", "12345-6", "11508"},
      {"http://hl7.org/fhir/sid/icd-10-cm", "M54.50", "54.5"},
      {"http://www.ama-assn.org/go/cpt", "12345", "9754"},
      {"http://unitsofmeasure.org", "m3.kat", "a b"}};
  for (const auto& [system, good, bad] : kCases) {
    SCOPED_TRACE(system);
    const std::string target =
        "CodeSystem/$validate-code?url=" + std::string(system) + "&code=";
    const auto open = checked(target + good);
    EXPECT_EQ(part(open, "result"), "false");
    EXPECT_EQ(part(open, "x-caused-by-unknown-system"), system);
    EXPECT_THAT(part(open, "issues"), HasSubstr("terminology/not-checked"));
    EXPECT_THAT(part(open, "issues"), HasSubstr(R"("information")"));
    std::string escaped(bad);
    if (const auto at = escaped.find(' '); at != std::string::npos) {
      escaped.replace(at, 1, "%20");
    }
    const auto wrong = checked(target + escaped);
    EXPECT_EQ(part(wrong, "result"), "false");
    EXPECT_THAT(part(wrong, "issues"), HasSubstr(R"("error")"));
  }
}

TEST(CodeOperationTest, LooksUpWhatIsHeld) {
  const auto code = found("?system=" + kOfGender + "&code=female");
  EXPECT_EQ(code.status, 200);
  EXPECT_EQ(part(code, "name"), "AdministrativeGender");
  EXPECT_EQ(part(code, "display"), "Female");
  EXPECT_EQ(validate::errors(code.body), validate::Texts());
  const auto act = found(
      "?system=http://terminology.hl7.org/CodeSystem/v3-ActCode&code=AMB");
  EXPECT_THAT(act.body, HasSubstr(R"("valueCode":"parent")"));
}

TEST(CodeOperationTest, ALookupThatFindsNothingSaysWhy) {
  EXPECT_EQ(first_issue(found("?system=" + kOfGender + "&code=femal")),
            "404 terminology/unknown-code code");
  EXPECT_EQ(first_issue(found("?system=http://snomed.info/sct&code=73211009")),
            "404 terminology/not-checked code");
  EXPECT_EQ(first_issue(found("?system=http://snomed.info/sct&code=x")),
            "404 terminology/unknown-code code");
  EXPECT_EQ(first_issue(found("?code=x")),
            "400 operation/bad-parameter system");
  EXPECT_EQ(first_issue(found("?system=x")),
            "400 operation/missing-parameter code");
}

TEST(CodeOperationTest, ChecksAgainstAValueSetThatWasSentAlong) {
  const auto body = [](const std::string& code) {
    return R"({"resourceType":"Parameters","parameter":[{"name":"valueSet",)"
           R"("resource":{"resourceType":"ValueSet","compose":{"include":)"
           R"([{"system":"http://x","concept":[{"code":"a"}]}]}}},)"
           R"({"name":"system","valueUri":"http://x"},)"
           R"({"name":"code","valueCode":")" +
           code + "\"}]}";
  };
  const auto answer = [&](const std::string& code) {
    return validate_code_answer(
               asked("POST", "/fhir/ValueSet/$validate-code", body(code)),
               body(code), validate::core(), test_site())
        .body;
  };
  const auto right = answer("a");
  EXPECT_NE(right.find(R"("valueBoolean":true)"), std::string::npos) << right;
  const auto wrong = answer("b");
  EXPECT_NE(wrong.find(R"("valueBoolean":false)"), std::string::npos) << wrong;
}

}  // namespace
}  // namespace gateway::exchange
