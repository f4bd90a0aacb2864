#include "validate/request.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

TEST(RequestTest, ReadsALine) {
  const auto request = read_request(
      R"({"id":7,"resource":"{\"a\":1}","profiles":["http://p"],)"
      R"("supporting":[{"b":2},"raw"],"options":{"allow-comments":true}})");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->id, "7");
  EXPECT_EQ(request->resource, R"({"a":1})");
  EXPECT_EQ(request->supporting, (Texts{R"({"b":2})", "raw"}));
  EXPECT_EQ(request->options.profiles, Texts{"http://p"});
  EXPECT_TRUE(request->options.allows_comments);
  EXPECT_FALSE(read_request("{}").ok());
  EXPECT_FALSE(read_request("no json").ok());
}

TEST(RequestTest, WhatIsNoJsonIsAFindingWithItsPlace) {
  ValidationRequest request;
  request.resource = R"({"resourceType":"Patient",})";
  const auto answered = answer(request, core());
  ASSERT_EQ(answered.outcome.findings().size(), 1U);
  const auto& finding = answered.outcome.findings()[0];
  EXPECT_EQ(finding.severity, fhir::Severity::fatal);
  EXPECT_EQ(finding.expression, "Patient");
  EXPECT_TRUE(finding.span);
}

TEST(RequestTest, CommentsAreAllowedWhereTheRequestSaysSo) {
  ValidationRequest request;
  request.resource =
      "// note\n{\"resourceType\":\"Patient\", /* x */\"id\":\"a//b\"}";
  EXPECT_FALSE(answer(request, core()).outcome.acceptable());
  request.options.allows_comments = true;
  const auto answered = answer(request, core());
  ASSERT_FALSE(answered.outcome.acceptable());  // the id, and nothing else
  EXPECT_EQ(answered.outcome.findings()[0].rule, "structure/format");
}

TEST(RequestTest, SupportingDefinitionsHoldForTheirLineOnly) {
  ValidationRequest request;
  request.resource = R"({"resourceType":"Patient",)" + claims("line") + "}";
  EXPECT_TRUE(answer(request, core()).outcome.acceptable());
  request.supporting = {
      profile_text("line", "Patient", R"([{"path":"Patient.name","min":1}])")};
  EXPECT_FALSE(answer(request, core()).outcome.acceptable());
  request.supporting.clear();
  EXPECT_TRUE(answer(request, core()).outcome.acceptable());
}

TEST(RequestTest, ARuleThatCannotWorkIsTheProfilesOwnSlip) {
  ValidationRequest request;
  request.resource = R"({"resourceType":"Patient",)" + claims("slip") + "}";
  request.supporting = {profile_text(
      "slip", "Patient",
      R"([{"path":"Patient","constraint":[{"key":"t-1","severity":"error",)"
      R"("human":"h","expression":"nome = 'A'"}]}])")};
  const auto outcome = answer(request, core()).outcome;
  ASSERT_FALSE(outcome.empty());
  EXPECT_EQ(outcome.findings()[0].rule, "invariant/meaningless");
  EXPECT_EQ(outcome.findings()[0].expression,
            "slip.constraint.where(key='t-1').expression");
}

// RFC 8259: a reader may ignore a byte order mark.
TEST(RequestTest, AByteOrderMarkMovesNoPlace) {
  ValidationRequest request;
  request.resource = "\xEF\xBB\xBF{\"resourceType\":\"Patient\",\"a\":1}";
  const auto outcome = answer(request, core()).outcome;
  ASSERT_FALSE(outcome.empty());
  EXPECT_EQ(outcome.findings()[0].rule, "structure/unknown-element");
  ASSERT_TRUE(outcome.findings()[0].span);
  EXPECT_EQ(request.resource.substr(outcome.findings()[0].span->begin, 1), "1");
}

TEST(RequestTest, AnswersOnOneLine) {
  ValidationRequest request;
  request.id = "\"x\"";
  request.resource = "{";
  const auto line = answer_line(request, answer(request, core()), "http://b");
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(line.starts_with(R"({"id":"x","outcome":{)"));
}

}  // namespace
}  // namespace gateway::validate
