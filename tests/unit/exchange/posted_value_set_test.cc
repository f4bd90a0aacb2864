#include "exchange/posted_value_set.h"

#include <gmock/gmock.h>

#include "fhir/terminology.h"
#include "unit/exchange/operations.h"

namespace gateway::exchange {
namespace {

using testing::HasSubstr;

const std::string kAct = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

std::string value_set(const std::string& members) {
  return R"({"resourceType":"ValueSet","status":"active",)" + members + '}';
}

std::string composed(const std::string& includes) {
  return value_set(R"("compose":{"include":[)" + includes + "]}");
}

OrRefusal<ChosenValueSet> compiled(const std::string& text) {
  const auto document = json_of(text);
  return compile_value_set(document.root(), validate::core());
}

std::vector<std::string> codes_of(const std::string& text) {
  const auto chosen = taken(compiled(text));
  std::vector<std::string> codes;
  for (const auto& one :
       fhir::expand(*chosen.definitions, chosen.row, fhir::kNone).codes) {
    codes.emplace_back(one.code);
  }
  return codes;
}

fhir::Finding finding_of(const std::string& text) {
  const auto refused = compiled(text);
  const auto* const refusal = std::get_if<Refusal>(&refused);
  if (refusal == nullptr || refusal->outcome.empty()) return {};
  EXPECT_EQ(refusal->status, 422);
  return refusal->outcome.findings().front();
}

TEST(PostedValueSetTest, ExpandsWhatItIncludes) {
  EXPECT_EQ(
      codes_of(composed(R"({"system":"http://x","concept":[{"code":"a"}]},)"
                        R"({"valueSet":["http://hl7.org/fhir/ValueSet/)"
                        R"(administrative-gender"]})")),
      (std::vector<std::string>{"male", "female", "other", "unknown", "a"}));
  EXPECT_EQ(
      codes_of(value_set(R"("expansion":{"contains":[{"system":"http://x",)"
                         R"("code":"b"}]})")),
      std::vector<std::string>{"b"});
}

// A code of the base that stands under several others is found under each.
TEST(PostedValueSetTest, FiltersByTheHierarchyAndPropertiesOfTheImage) {
  const auto below = [](const std::string& code) {
    return codes_of(composed(R"({"system":")" + kAct +
                             R"(","filter":[{"property":"concept","op":"is-a",)"
                             R"("value":")" +
                             code + R"("}]})"));
  };
  EXPECT_THAT(below("_ActCoverageTypeCode"), testing::Contains("WCBPOL"));
  const auto& core = *validate::core();
  const auto held = core.value_set_of(
      "http://terminology.hl7.org/ValueSet/v3-ActCoverageTypeCode");
  ASSERT_NE(held, fhir::kNone);
  std::vector<std::string> compiled_ahead;
  for (const auto& one : fhir::expand(core, held, fhir::kNone).codes) {
    compiled_ahead.emplace_back(one.code);
  }
  EXPECT_THAT(below("_ActCoverageTypeCode"),
              testing::IsSupersetOf(compiled_ahead));
  const auto by_property =
      codes_of(composed(R"({"system":")" + kAct +
                        R"(","filter":[{"property":"notSelectable","op":"=",)"
                        R"("value":"true"}]})"));
  EXPECT_THAT(by_property, testing::Contains("_ActCoverageTypeCode"));
  EXPECT_THAT(by_property, testing::Not(testing::Contains("WCBPOL")));
}

TEST(PostedValueSetTest, RefusesGapsWithTheirPlace) {
  const auto unknown = finding_of(composed(R"({"valueSet":["http://no"]})"));
  EXPECT_EQ(unknown.rule, "terminology/unknown-value-set");
  EXPECT_EQ(unknown.expression, "ValueSet.compose.include[0].valueSet[0]");
  ASSERT_TRUE(unknown.span);
  const auto text = composed(R"({"valueSet":["http://no"]})");
  EXPECT_EQ(
      text.substr(unknown.span->begin, unknown.span->end - unknown.span->begin),
      "\"http://no\"");
  EXPECT_EQ(finding_of(value_set(R"("url":"http://me","compose":{"include":[)"
                                 R"({"valueSet":["http://me"]}]})"))
                .rule,
            "terminology/cyclic");
  EXPECT_EQ(finding_of(composed(R"({"system":")" + kAct +
                                R"(","filter":[{"property":"concept","op":)"
                                R"("is-a","value":"none"}]})"))
                .rule,
            "terminology/unknown-code");
}

TEST(PostedValueSetTest, RefusesWhatIsNoValueSet) {
  EXPECT_EQ(finding_of(R"({"resourceType":"Patient"})").rule,
            "terminology/bad-value-set");
  EXPECT_EQ(finding_of(value_set(R"("name":"Nothing")")).rule,
            "terminology/bad-value-set");
  EXPECT_EQ(finding_of(value_set(R"("url":{},"compose":{})")).rule,
            "terminology/bad-value-set");
}

// Work is bounded, however often a large value set is named.
TEST(PostedValueSetTest, RefusesWhatIsBeyondMeasure) {
  std::string includes = R"({"system":")" + kAct + "\"}";
  for (int i = 0; i < 10'000; ++i) {
    includes += R"(,{"system":")" + kAct + "\"}";
  }
  EXPECT_EQ(finding_of(composed(includes)).rule, "terminology/too-large");
  std::string filters;
  for (int i = 0; i < 10'000; ++i) {
    filters += std::string(i == 0 ? "" : ",") +
               R"({"property":"notSelectable","op":"not-in","value":"x"})";
  }
  EXPECT_EQ(finding_of(composed(R"({"system":")" + kAct + R"(","filter":[)" +
                                filters + "]}"))
                .rule,
            "terminology/too-large");
}

}  // namespace
}  // namespace gateway::exchange
