#include "exchange/expand_operation.h"

#include <gmock/gmock.h>

#include <set>

#include "unit/exchange/operations.h"

namespace gateway::exchange {
namespace {

using testing::HasSubstr;

Response expanded(const std::string& query, const std::string& body = {}) {
  return expand_answer(asked(body.empty() ? "GET" : "POST",
                             "/fhir/ValueSet/$expand" + query, body),
                       body, validate::core(), test_site(), noon());
}

std::vector<std::string> codes(const Response& response) {
  std::vector<std::string> all;
  const auto document = json_of(response.body);
  for (const Json one : document.root().get("expansion").get("contains")) {
    all.emplace_back(one.get("code").text());
  }
  return all;
}

const std::string kGender =
    "?url=http://hl7.org/fhir/ValueSet/administrative-gender";

TEST(ExpandOperationTest, ListsTheCodes) {
  const auto all = expanded(kGender);
  EXPECT_EQ(all.status, 200);
  EXPECT_THAT(codes(all), testing::UnorderedElementsAre("male", "female",
                                                        "other", "unknown"));
  EXPECT_EQ(validate::errors(all.body), validate::Texts());
  const auto by_post = expanded(
      "", R"({"resourceType":"Parameters","parameter":[{"name":"url",)"
          R"("valueUri":"http://hl7.org/fhir/ValueSet/administrative-gender"},)"
          R"({"name":"filter","valueString":"FEM"}]})");
  EXPECT_EQ(codes(by_post), validate::Texts{"female"});
}

TEST(ExpandOperationTest, FiltersByEachWordAndCutsIntoPages) {
  EXPECT_EQ(codes(expanded(kGender + "&filter=unkn")),
            validate::Texts{"unknown"});
  EXPECT_EQ(codes(expanded(kGender + "&filter=nothing-such")),
            validate::Texts());
  std::set<std::string> seen;
  for (const auto* offset : {"0", "2", "4"}) {
    const auto page =
        expanded(kGender + "&count=2&offset=" + std::string(offset));
    EXPECT_THAT(page.body, HasSubstr(R"("total":4)"));
    for (const auto& code : codes(page)) EXPECT_TRUE(seen.insert(code).second);
  }
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_EQ(codes(expanded(kGender + "&count=0")), validate::Texts());
}

TEST(ExpandOperationTest, ListsTheCodesOfAPostedValueSet) {
  const std::string kSent =
      R"({"resourceType":"ValueSet","url":"http://mine","name":"Mine",)"
      R"("status":"draft","compose":{"include":[{"system":)"
      R"("http://hl7.org/fhir/administrative-gender"}],"exclude":[{"system":)"
      R"("http://hl7.org/fhir/administrative-gender","concept":[)"
      R"({"code":"other"}]}]}})";
  const auto whole = expanded("", kSent);
  EXPECT_EQ(whole.status, 200) << whole.body;
  EXPECT_THAT(codes(whole),
              testing::UnorderedElementsAre("male", "female", "unknown"));
  EXPECT_THAT(whole.body, HasSubstr(R"("url":"http://mine")"));
  EXPECT_EQ(validate::errors(whole.body), validate::Texts());
  const auto some = expanded(
      "", R"({"resourceType":"Parameters","parameter":[{"name":"valueSet",)"
          R"("resource":)" +
              kSent + R"(},{"name":"count","valueInteger":1}]})");
  EXPECT_EQ(codes(some).size(), 1U) << some.body;
  EXPECT_THAT(some.body, HasSubstr(R"("total":3)"));
}

// Where it has no name, the answer has none: what names it here is no URL.
TEST(ExpandOperationTest, SaysWhatIsWrongWithAPostedValueSet) {
  const auto nameless = expanded(
      "", R"({"resourceType":"ValueSet","status":"draft","compose":{"include":)"
          R"([{"system":"http://x","concept":[{"code":"a"}]}]}})");
  EXPECT_EQ(codes(nameless), validate::Texts{"a"});
  EXPECT_THAT(nameless.body, testing::Not(HasSubstr("\"url\"")));
  EXPECT_EQ(
      first_issue(expanded(
          "", R"({"resourceType":"Parameters","parameter":[{"name":"valueSet",)"
              R"("resource":{"resourceType":"ValueSet","compose":{"include":)"
              R"([{"valueSet":["http://none"]}]}}}]})")),
      "422 terminology/unknown-value-set Parameters.parameter[0].resource."
      "compose.include[0].valueSet[0]");
  EXPECT_EQ(first_issue(expanded("", R"({"resourceType":"Patient"})")),
            "422 terminology/bad-value-set Patient");
}

// SNOMED CT is not held: its codes are never made up, nor left out in silence.
TEST(ExpandOperationTest, SaysWhatCannotBeListed) {
  EXPECT_EQ(
      first_issue(expanded("?url=http://hl7.org/fhir/ValueSet/procedure-code")),
      "422 terminology/not-held url");
  EXPECT_EQ(first_issue(expanded("?url=http://example.org/none")),
            "404 terminology/unknown-value-set url");
  EXPECT_EQ(first_issue(expanded("")), "400 operation/missing-parameter url");
  EXPECT_EQ(first_issue(expanded(kGender + "&count=x")),
            "400 operation/bad-parameter count");
}

}  // namespace
}  // namespace gateway::exchange
