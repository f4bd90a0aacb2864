#include "transport/refusal.h"

#include <gtest/gtest.h>

#include <string>

#include "base/json.h"

namespace gateway::transport {
namespace {

TEST(RefusalTest, IsAnOperationOutcomeThatNamesItsRule) {
  const auto response = refusal_response({&edge::kBadFraming, "two lengths"},
                                         "https://site.example/fhir");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.headers[0].second, "application/fhir+json; charset=utf-8");
  const auto parsed = JsonDocument::parse(response.body);
  ASSERT_TRUE(parsed);
  const Json issue = parsed->root().find("issue");
  EXPECT_EQ(issue.find("severity").text(), "fatal");
  EXPECT_EQ(issue.find("code").text(), "structure");
  EXPECT_EQ(issue.find("details.coding.system").text(),
            "https://site.example/fhir/CodeSystem/rule");
  EXPECT_EQ(issue.find("details.coding.code").text(), "edge/bad-framing");
  const std::string text(issue.find("details.text").text());
  EXPECT_NE(text.find("two lengths"), std::string::npos);
  EXPECT_NE(text.find(edge::kBadFraming.remedy), std::string::npos);
}

TEST(RefusalTest, OverloadSaysWhenToComeAgainAnd405WhatIsAllowed) {
  EXPECT_EQ(refusal_response({&edge::kBusy}, "b").headers[1].first,
            "Retry-After");
  EXPECT_EQ(refusal_response({&edge::kMethodRefused}, "b").headers[1].first,
            "Allow");
}

TEST(RefusalTest, ALogGetsMethodAndPathOnly) {
  EXPECT_EQ(loggable_head("GET /a/b?name=x HTTP/1.1\r\nHost: a"), "GET /a/b");
  EXPECT_EQ(loggable_head("GET /a HTTP/1.1"), "GET /a");
  EXPECT_EQ(loggable_head("GET /a"), "GET /a");
  EXPECT_EQ(loggable_head("\x16\x03\x01\x1B[0m"), "....[0m");
  EXPECT_EQ(loggable_head(""), "");
  EXPECT_EQ(loggable_head("GET /" + std::string(9000, 'a')).size(), 200U);
}

TEST(RefusalTest, AReasonNamesRuleAndCause) {
  EXPECT_EQ(reason({&edge::kBadHost, "no Host"}),
            "edge/bad-host: Host is missing, repeated, malformed or "
            "contradicts the target; seen: no Host");
}

}  // namespace
}  // namespace gateway::transport
