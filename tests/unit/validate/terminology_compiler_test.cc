#include "validate/terminology_compiler.h"

#include "fhir/terminology.h"
#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

constexpr const char* kSystem =
    R"({"resourceType":"CodeSystem","url":"http://example.org/cs","content":)"
    R"("complete","concept":[{"code":"a","concept":[{"code":"b","concept":)"
    R"([{"code":"c"}]}]},{"code":"d","property":[{"code":"color",)"
    R"("valueString":"red"}]}]})";

std::string value_set(const std::string& name, const std::string& compose) {
  return R"({"resourceType":"ValueSet","url":"http://example.org/)" + name +
         R"(","compose":)" + compose + "}";
}

std::string codes(const fhir::Definitions& definitions,
                  const std::string& name) {
  const auto set = definitions.value_set_of("http://example.org/" + name);
  std::string all;
  for (const auto& code : fhir::expand(definitions, set, 100).codes) {
    all += code.code;
  }
  return all;
}

TEST(TerminologyCompilerTest, ComposesValueSets) {
  const std::string kFrom = R"({"system":"http://example.org/cs")";
  const auto filter = [&](const std::string& property, const std::string& op,
                          const std::string& value) {
    return R"({"include":[)" + kFrom + R"(,"filter":[{"property":")" +
           property + R"(","op":")" + op + R"(","value":")" + value +
           R"("}]}]})";
  };
  const auto definitions = with(
      {kSystem, value_set("all", R"({"include":[)" + kFrom + "}]}"),
       value_set("listed",
                 R"({"include":[)" + kFrom + R"(,"concept":[{"code":"d"}]}]})"),
       value_set("below", filter("concept", "is-a", "b")),
       value_set("strictly", filter("concept", "descendent-of", "a")),
       value_set("not", filter("concept", "is-not-a", "a")),
       value_set("red", filter("color", "=", "red")),
       value_set("nested",
                 R"({"include":[{"valueSet":["http://example.org/below"]},)"
                 R"({"valueSet":["http://example.org/red"]}],"exclude":[)" +
                     kFrom + R"(,"concept":[{"code":"c"}]}]})")});
  EXPECT_EQ(codes(*definitions, "all"), "abcd");
  EXPECT_EQ(codes(*definitions, "listed"), "d");
  EXPECT_EQ(codes(*definitions, "below"), "bc");
  EXPECT_EQ(codes(*definitions, "strictly"), "bc");
  EXPECT_EQ(codes(*definitions, "not"), "d");
  EXPECT_EQ(codes(*definitions, "red"), "d");
  EXPECT_EQ(codes(*definitions, "nested"), "bd");
}

std::string answers(const fhir::Definitions& definitions,
                    const std::string& name, const std::string& asked) {
  const auto set = definitions.value_set_of("http://example.org/" + name);
  std::string all;
  for (const char code : asked) {
    switch (fhir::coding_in(definitions, set, "http://example.org/cs",
                            std::string(1, code))) {
      case fhir::Membership::yes:
        all += 'y';
        break;
      case fhir::Membership::no:
        all += 'n';
        break;
      case fhir::Membership::unknown:
        all += '?';
    }
  }
  return all;
}

// What cannot be worked out is unknown, and never a silent yes.
TEST(TerminologyCompilerTest, WhatAFilterLeavesOpenIsNotAYes) {
  const std::string kFrom = R"({"system":"http://example.org/cs")";
  const std::string kOdd =
      kFrom + R"(,"filter":[{"property":"code","op":"regex","value":"a|b"}]})";
  const auto definitions =
      with({kSystem, value_set("odd", R"({"include":[)" + kOdd + "]}"),
            value_set("listed", R"({"include":[)" + kFrom +
                                    R"(,"concept":[{"code":"d"}]}]})"),
            value_set("both", R"({"include":[{"valueSet":["http://example.org/)"
                              R"(listed","http://example.org/odd"]}]})"),
            value_set("without", R"({"include":[)" + kFrom +
                                     R"(}],"exclude":[)" + kOdd + "]}")});
  EXPECT_EQ(answers(*definitions, "odd", "ad"), "??");
  EXPECT_EQ(answers(*definitions, "listed", "ad"), "ny");
  EXPECT_EQ(answers(*definitions, "both", "d"), "?");
  EXPECT_EQ(answers(*definitions, "without", "ad"), "??");
}

TEST(TerminologyCompilerTest, ACodeMayStandUnderSeveralOthers) {
  const auto definitions = with(
      {R"({"resourceType":"CodeSystem","url":"http://example.org/cs","content":)"
       R"("complete","concept":[{"code":"a","concept":[{"code":"b"}]},)"
       R"({"code":"c","property":[{"code":"child","valueCode":"b"}]}]})",
       value_set("below", R"({"include":[{"system":"http://example.org/cs",)"
                          R"("filter":[{"property":"concept","op":"is-a",)"
                          R"("value":"c"}]}]})"),
       value_set("above", R"({"include":[{"system":"http://example.org/cs",)"
                          R"("filter":[{"property":"concept","op":)"
                          R"("generalizes","value":"b"}]}]})")});
  EXPECT_EQ(codes(*definitions, "below"), "bc");
  EXPECT_EQ(codes(*definitions, "above"), "abc");
}

TEST(TerminologyCompilerTest, ACircleIsAFindingAndEnds) {
  fhir::DefinitionSet set;
  for (const auto& [name, other] : {std::pair("x", "y"), std::pair("y", "x")}) {
    ASSERT_TRUE(
        set.add_text(value_set(name, R"({"include":[{"valueSet":[)"
                                     R"("http://example.org/)" +
                                         std::string(other) + R"("]}]})"),
                     "test")
            .ok());
  }
  const auto compiled = compile(set, core());
  ASSERT_TRUE(compiled.ok());
  const auto& finding = compiled->outcome.findings().at(0);
  EXPECT_EQ(finding.rule, "terminology/cyclic");
  EXPECT_EQ(finding.text.find("in http://example.org/"), 0U) << finding.text;
}

TEST(TerminologyCompilerTest, WhatCannotBeListedIsMarked) {
  const auto definitions =
      with({value_set("sct", R"({"include":[{"system":)"
                             R"("http://snomed.info/sct","filter":[)"
                             R"({"property":"concept","op":"is-a",)"
                             R"("value":"123456"}]}]})")});
  const auto set = definitions->value_set_of("http://example.org/sct");
  EXPECT_EQ(
      fhir::coding_in(*definitions, set, "http://snomed.info/sct", "123456"),
      fhir::Membership::unknown);
}

}  // namespace
}  // namespace gateway::validate
