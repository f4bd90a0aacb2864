#include "fhirpath/answer.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

std::string line(const std::string& request) {
  Environment environment;
  environment.now = parse_instant("2026-03-01T03:30:00Z");
  return answer_line(request, &small_model(), environment);
}

TEST(Answer, GivesTypeAndText) {
  EXPECT_EQ(line(R"({"id": 7, "expression": "1.50 | 'a' | @2020 | @T10:00"})"),
            R"({"id":7,"result":[{"type":"decimal","value":"1.50"},)"
            R"({"type":"string","value":"a"},{"type":"date","value":"@2020"},)"
            R"({"type":"time","value":"@T10:00"}]})");
  EXPECT_EQ(line("{\"id\": \"x\", \"expression\": \"'1'.toQuantity()\"}"),
            "{\"id\":\"x\",\"result\":[{\"type\":\"Quantity\","
            "\"value\":\"1 '1'\"}]}");
}

TEST(Answer, ReadsResourcesAsObjectsOrTexts) {
  const std::string dated =
      R"({"id":1,"result":[{"type":"date","value":"@1974-12-25"}]})";
  const std::string object =
      R"({"id": 1, "expression": "birthDate", "resource":)"
      R"( {"resourceType": "Patient", "birthDate": "1974-12-25"}})";
  const std::string text =
      R"({"id": 1, "expression": "birthDate", "resource": "{\"resourceType\":)"
      R"( \"Patient\", \"birthDate\": \"1974-12-25\"}"})";
  EXPECT_EQ(line(object), dated);
  EXPECT_EQ(line(text), dated);
  const std::string complex =
      "{\"id\": 1, \"expression\": \"name\", \"resource\": {\"resourceType\":"
      " \"Patient\", \"name\": [{ \"family\":\n \"Doe\"}]}}";
  EXPECT_EQ(line(complex),
            "{\"id\":1,\"result\":[{\"type\":\"HumanName\","
            "\"value\":{\"family\":\"Doe\"}}]}");
}

TEST(Answer, MakesPredicatesOfFindings) {
  EXPECT_EQ(line(R"({"id": 1, "expression": "'a'", "predicate": true})"),
            R"({"id":1,"result":[{"type":"boolean","value":"true"}]})");
  EXPECT_EQ(line(R"({"id": 1, "expression": "{}", "predicate": true})"),
            R"({"id":1,"result":[{"type":"boolean","value":"false"}]})");
}

TEST(Answer, NamesTheKindOfError) {
  const auto kind = [](const std::string& text) {
    const auto document = *parse_shared(line(text));
    return std::string(document->root().get("error").text());
  };
  EXPECT_EQ(kind(R"({"id": 1, "expression": "1 +"})"), "syntax");
  EXPECT_EQ(kind(R"({"id": 1, "expression": "1 + 'a'"})"), "semantic");
  EXPECT_EQ(kind("{\"id\": 1, \"expression\": \"(1|2).single()\"}"),
            "execution");
  EXPECT_EQ(kind("no json"), "syntax");
  EXPECT_EQ(kind(R"({"id": 1})"), "syntax");
  EXPECT_EQ(kind(R"({"id": 1, "expression": "1", "resource": "{"})"),
            "execution");
  EXPECT_EQ(kind(R"({"id": 1, "expression": "1", "resource": [1]})"),
            "execution");
  EXPECT_EQ(kind(R"({"id": 1, "expression": "1", "resource":)"
                 R"( {"resourceType": "Nope"}})"),
            "execution");
  EXPECT_EQ(kind(R"({"id": 1, "expression": "1", "resource":)"
                 R"( {"resourceType": 7}})"),
            "execution");
}

}  // namespace
}  // namespace gateway::fhirpath
