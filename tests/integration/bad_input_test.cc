// Every kind of input that cannot be taken: its status, its rule, its place,
// and its record in the message log.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "integration/running_gateway.h"

namespace gateway::integration {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSession =
    R"({"resourceType":"Procedure","identifier":[{"system":"urn:s","value":"1"}],)"
    R"("status":"completed","code":{"text":"x"},"subject":{"reference":"Patient/1"},)"
    R"("performedPeriod":{"start":"2026-04-06T08:00:00-05:00","end":"2026-04-06T10:00:00-05:00"}})";

struct Row {
  std::string name;
  std::string body;
  int status;
  std::string rule;
  std::string expression;  // empty: a byte offset instead
  std::string state;
};

std::string session(const std::string& from, const std::string& to) {
  return with(kSession, from, to);
}

std::vector<Row> rows() {
  const std::string deep(10'000, '[');
  return {
      {"not_json", "hello", 400, "rest/invalid", "", "unparsed"},
      {"trailing", std::string(kSession) + "x", 400, "rest/invalid", "",
       "unparsed"},
      {"twice",
       session(R"("status":"completed",)",
               R"("status":"completed","status":"completed",)"),
       400, "rest/invalid", "", "unparsed"},
      {"utf8", session("completed", "compl\xC3\x28"), 400, "rest/invalid", "",
       "unparsed"},
      {"deep", deep, 413, "rest/too-long", "", "unparsed"},
      {"huge", session(R"("status")", R"("x":1e400,"status")"), 400,
       "rest/invalid", "", "unparsed"},
      {"no_status", session(R"("status":"completed",)", ""), 422,
       "structure/min", "Procedure", "rejected"},
      {"wrong_type", session(R"({"text":"x"})", R"("x")"), 422,
       "structure/kind", "Procedure.code", "rejected"},
      {"unknown", session(R"("status")", R"("statusx":"y","status")"), 422,
       "structure/unknown-element", "Procedure", "rejected"},
      {"no_offset", session("08:00:00-05:00", "08:00:00"), 422,
       "time/no-offset", "Procedure.performed.ofType(Period).start",
       "rejected"},
      {"negative", session("10:00:00-05:00", "07:00:00-05:00"), 422,
       "time/negative", "Procedure.performed.ofType(Period)", "rejected"},
  };
}

TEST(BadInputTest, IsRefusedWithItsRuleAndPlaceAndKept) {
  RunningGateway gateway;
  for (const auto& row : rows()) {
    SCOPED_TRACE(row.name);
    const auto reply = gateway.post("/fhir/Procedure", row.body);
    EXPECT_EQ(reply.status, row.status) << reply.body;
    EXPECT_THAT(rules(reply.root()), Contains(row.rule)) << reply.body;
    if (row.expression.empty()) {
      EXPECT_THAT(reply.body, HasSubstr("issue-place"));
      EXPECT_THAT(reply.body, HasSubstr("\"offset\""));
    } else {
      EXPECT_EQ(first_expression(reply.root()), row.expression) << reply.body;
    }
    const auto kept = gateway.newest_message();
    EXPECT_EQ(kept.root().get("state").text(), row.state);
    EXPECT_EQ(kept.root().get("rule").text(), row.rule);
    const auto content = kept.root().get("content");
    if (content.exists()) {
      EXPECT_EQ(content.text(), row.body);
    }
  }
}

TEST(BadInputTest, ListsAllDefectsInOneAnswer) {
  RunningGateway gateway;
  const auto reply = gateway.post(
      "/fhir/Patient",
      R"({"resourceType":"Patient","gender":["male"],"birthDate":"2026-02-30",)"
      R"("nam":[{"family":"X"}],"name":{"family":"Y"}})");
  EXPECT_EQ(reply.status, 422);
  EXPECT_GE(rules(reply.root()).size(), 4U) << reply.body;
}

TEST(BadInputTest, RefusesBodiesOverTheLimit) {
  RunningGateway gateway;
  const auto reply =
      gateway.post("/fhir/Patient", std::string((16U << 20U) + 1, ' '));
  EXPECT_EQ(reply.status, 413);
}

TEST(BadInputTest, KeepsWhatTheEdgeRefused) {
  RunningGateway gateway;
  const auto refused = gateway.raw(
      "POST /fhir/Patient HTTP/1.1\r\nHost: a\r\nHost: b\r\n"
      "Content-Length: 2\r\n\r\n{}");
  EXPECT_THAT(refused, HasSubstr("HTTP/1.1 400"));
  // The answer leaves at once; its record follows.
  auto kept = gateway.newest_message();
  for (int i = 0; i < 6'000 && !kept.root().get("channel").exists(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    kept = gateway.newest_message();
  }
  EXPECT_EQ(kept.root().get("channel").text(), "edge");
  EXPECT_EQ(kept.root().get("state").text(), "refused");
  EXPECT_EQ(kept.root().get("rule").text(), "edge/bad-host");
  EXPECT_FALSE(kept.root().get("content").exists() &&
               !kept.root().get("content").text().empty());
}

// Truncated and badly framed bodies never reach a handler.
TEST(BadInputTest, TakesNoTruncatedBody) {
  RunningGateway gateway;
  const std::string head =
      "POST /fhir/Patient HTTP/1.1\r\nHost: a\r\n"
      "Content-Type: application/fhir+json\r\n";
  const std::string body = R"({"resourceType":"Patient"})";
  const std::string bad[] = {
      head + "Content-Length: 40\r\nConnection: close\r\n\r\n" + body,
      head + "Transfer-Encoding: chunked\r\n\r\n1a\r\n" + body + "\r\n",
      head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body +
          "\r\n0\r\n\r\n",
      head + "Content-Length: 26\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n" +
          body + "\r\n0\r\n\r\n",
      head + "Content-Length: 26\r\nContent-Length: 20\r\n\r\n" + body,
  };
  for (const auto& bytes : bad) {
    EXPECT_THAT(gateway.raw_and_close(bytes), Not(HasSubstr("HTTP/1.1 20")))
        << bytes;
  }
  EXPECT_EQ(gateway.get("/fhir/Patient").root().get("total").text(), "0");
}

TEST(BadInputTest, AnswersWhatComesLaterWith501) {
  RunningGateway gateway;
  for (const auto* target :
       {"/fhir/$export", "/edi/837p", "/console/", "/auth/token",
        "/fhir/Subscription", "/fhir/.well-known/smart-configuration"}) {
    const auto reply = gateway.get(target);
    EXPECT_EQ(reply.status, 501) << target;
    EXPECT_EQ(reply.root().get("resourceType").text(), "OperationOutcome");
  }
}

}  // namespace
}  // namespace gateway::integration
