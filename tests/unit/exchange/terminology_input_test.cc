#include "exchange/terminology_input.h"

#include <gtest/gtest.h>

#include <array>

#include "unit/exchange/operations.h"

namespace gateway::exchange {
namespace {

constexpr std::array<std::string_view, 7> kNames = {
    "url",     "code", "system", "display", "coding", "codeableConcept",
    "valueSet"};

OperationInput input(const std::string& query, const std::string& body = {}) {
  return taken(read_operation_input(
      asked("POST", "/fhir/ValueSet/$validate-code" + query, body), body,
      KeyTable::none(), kNames));
}

std::string parameter(const std::string& name, const std::string& value) {
  return R"({"resourceType":"Parameters","parameter":[{"name":")" + name +
         "\"," + value + "}]}";
}

TEST(TerminologyInputTest, FindsTheValueSetOrTheNearest) {
  const auto definitions = validate::core();
  const std::string kGender =
      "http://hl7.org/fhir/ValueSet/administrative-gender";
  const auto found = taken(
      value_set_parameter(input("?url=" + kGender + "|4.0.1"), definitions));
  EXPECT_EQ(definitions->text(definitions->value_sets[found.row].url), kGender);
  const auto misspelt =
      value_set_parameter(input("?url=" + kGender + "s"), definitions);
  ASSERT_EQ(refusal_text(misspelt), "404 terminology/unknown-value-set");
  EXPECT_EQ(std::get<Refusal>(misspelt).outcome.findings().front().remedy,
            "did you mean " + kGender + "?");
  EXPECT_EQ(refusal_text(value_set_parameter(input(""), definitions)),
            "400 operation/missing-parameter");
}

TEST(TerminologyInputTest, TakesAValueSetThatWasSentAlong) {
  const std::string kSent =
      R"({"resourceType":"ValueSet","compose":{"include":[{"system":"http://x",)"
      R"("concept":[{"code":"a"}]}]}})";
  for (const auto& body :
       {kSent, parameter("valueSet", "\"resource\":" + kSent)}) {
    const auto chosen = taken(
        value_set_parameter(input("?url=http://no", body), validate::core()));
    EXPECT_EQ(chosen.definitions->value_sets[chosen.row].parts.count, 1U);
  }
}

TEST(TerminologyInputTest, ReadsCodesInEachOfTheirForms) {
  const auto plain =
      taken(asked_codes(input("?code=c&system=s&display=d"), "system"));
  ASSERT_EQ(plain.size(), 1U);
  EXPECT_EQ(plain[0].code + plain[0].system + plain[0].display, "csd");
  const auto coding = taken(asked_codes(
      input("",
            parameter("coding", R"("valueCoding":{"system":"s","code":"c"})")),
      "system"));
  ASSERT_EQ(coding.size(), 1U);
  EXPECT_EQ(coding[0].place, "Parameters.parameter[0].valueCoding.code");
  const auto concept_ = taken(asked_codes(
      input("", parameter("codeableConcept",
                          R"("valueCodeableConcept":{"coding":[{"code":"a"},)"
                          R"({"code":"b"}]})")),
      "system"));
  ASSERT_EQ(concept_.size(), 2U);
  EXPECT_EQ(concept_[1].code, "b");
}

TEST(TerminologyInputTest, RefusesWhatIsNoCode) {
  EXPECT_EQ(refusal_text(asked_codes(input("?system=s"), "system")),
            "400 operation/missing-parameter");
  EXPECT_EQ(
      refusal_text(asked_codes(
          input("", parameter("coding", R"("valueCoding":{"system":"s"})")),
          "system")),
      "400 operation/bad-parameter");
}

}  // namespace
}  // namespace gateway::exchange
