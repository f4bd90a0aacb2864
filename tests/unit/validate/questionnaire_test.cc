#include "validate/questionnaire.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

const std::string kQuestionnaire =
    R"({"resourceType":"Questionnaire","url":"http://example.org/q","status":)"
    R"("active","item":[{"linkId":"group","type":"group","item":[)"
    R"({"linkId":"pain","type":"integer","required":true,"extension":[{"url":)"
    R"("http://hl7.org/fhir/StructureDefinition/maxValue","valueInteger":10}]},)"
    R"({"linkId":"where","type":"choice","answerOption":[{"valueCoding":)"
    R"({"code":"back"}}],"enableWhen":[{"question":"pain","operator":">",)"
    R"("answerInteger":0}]}]},{"linkId":"name","type":"string","maxLength":3}]})";

std::string response(const std::string& items) {
  return R"({"resourceType":"QuestionnaireResponse","status":"completed",)"
         R"("questionnaire":"http://example.org/q","item":[)" +
         items + "]}";
}

struct Case {
  std::string items;
  Texts expected;
};

TEST(QuestionnaireTest, HoldsAnswersAgainstQuestions) {
  const std::string kItem = "QuestionnaireResponse.item[0]";
  const auto group = [](const std::string& items) {
    return R"({"linkId":"group","item":[)" + items + "]}";
  };
  const std::string kPain =
      R"({"linkId":"pain","answer":[{"valueInteger":3}]})";
  const Case cases[] = {
      {group(kPain), {}},
      {group(R"({"linkId":"pain","answer":[{"valueInteger":11}]})"),
       {"questionnaire/bound at " + kItem +
        ".item[0].answer[0].value.ofType(integer)"}},
      {group(R"({"linkId":"pain","answer":[{"valueString":"x"}]})"),
       {"questionnaire/type at " + kItem +
        ".item[0].answer[0].value.ofType(string)"}},
      {group(""),
       {"structure/empty at " + kItem + ".item",
        "questionnaire/required at " + kItem}},
      {group(kPain + R"(,{"linkId":"where","answer":[{"valueCoding":)"
                     R"({"code":"back"}}]})"),
       {}},
      {group(kPain + R"(,{"linkId":"where","answer":[{"valueCoding":)"
                     R"({"code":"leg"}}]})"),
       {"questionnaire/option at " + kItem +
        ".item[1].answer[0].value.ofType(Coding)"}},
      {group(
           R"({"linkId":"pain","answer":[{"valueInteger":0}]},)"
           R"({"linkId":"where","answer":[{"valueCoding":{"code":"back"}}]})"),
       {"questionnaire/not-enabled at " + kItem + ".item[1]"}},
      {group(kPain) + R"(,{"linkId":"name","answer":[{"valueString":"Abcd"}]})",
       {"questionnaire/length at "
        "QuestionnaireResponse.item[1].answer[0].value.ofType(string)"}},
      {group(kPain) + R"(,{"linkId":"other"})",
       {"questionnaire/link at QuestionnaireResponse"}},
  };
  const auto definitions = with({kQuestionnaire});
  for (const auto& test : cases) {
    EXPECT_EQ(errors(response(test.items), definitions), test.expected)
        << test.items;
  }
}

// A condition looks at the answers of its own group first.
TEST(QuestionnaireTest, ConditionsHoldWithinARepeatedGroup) {
  const auto definitions = with(
      {R"({"resourceType":"Questionnaire","url":"http://example.org/q",)"
       R"("status":"active","item":[{"linkId":"g","type":"group","repeats":)"
       R"(true,"item":[{"linkId":"if","type":"boolean"},{"linkId":"then",)"
       R"("type":"boolean","enableWhen":[{"question":"if","operator":"=",)"
       R"("answerBoolean":true}]}]}]})"});
  const auto group = [](const std::string& answer) {
    return R"({"linkId":"g","item":[{"linkId":"if","answer":[{"valueBoolean":)" +
           answer +
           R"(}]},{"linkId":"then","answer":[{"valueBoolean":true}]}]})";
  };
  EXPECT_EQ(errors(response(group("true") + ',' + group("false")), definitions),
            Texts{"questionnaire/not-enabled at "
                  "QuestionnaireResponse.item[1].item[1]"});
}

TEST(QuestionnaireTest, QuantitiesWithoutACodeCannotBeCompared) {
  const auto definitions = with(
      {R"({"resourceType":"Questionnaire","url":"http://example.org/q",)"
       R"("status":"active","item":[{"linkId":"w","type":"quantity",)"
       R"("extension":[{"url":"http://hl7.org/fhir/uv/sdc/StructureDefinition/)"
       R"(sdc-questionnaire-minQuantity","valueQuantity":{"value":5,)"
       R"("unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}]}]})"});
  const auto answer = [](const std::string& quantity) {
    return response(R"({"linkId":"w","answer":[{"valueQuantity":)" + quantity +
                    "}]}");
  };
  const Texts kOne{
      "questionnaire/bound at QuestionnaireResponse.item[0].answer[0]."
      "value.ofType(Quantity)"};
  const std::string kCode =
      R"(,"system":"http://unitsofmeasure.org","code":"kg"})";
  EXPECT_EQ(errors(answer(R"({"value":6)" + kCode), definitions), Texts{});
  EXPECT_EQ(errors(answer(R"({"value":4)" + kCode), definitions), kOne);
  EXPECT_EQ(errors(answer(R"({"value":6,"unit":"kg"})"), definitions), kOne);
}

}  // namespace
}  // namespace gateway::validate
