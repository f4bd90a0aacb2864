#include "server/tour/partner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/transport/test_server.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;

// Says who asked for what, as JSON.
void tell(const transport::Request& request,
          const transport::Responder& responder) {
  if (request.path == "/refused") {
    return responder.send(
        {.status = 422,
         .body = R"({"issue":[{"details":{"text":"it lacks a start"}}]})"});
  }
  if (request.path == "/text") return responder.send({.body = "no JSON"});
  responder.send(
      {.body = R"({"partner":")" +
               std::string(
                   transport::header(request.headers, "x-workgate-partner")) +
               R"(","asked":")" + request.method + " " + request.path +
               R"(","type":")" +
               std::string(transport::header(request.headers, "content-type")) +
               R"(","body":)" + (request.body.empty() ? "null" : request.body) +
               "}"});
}

class PartnerTest : public testing::Test {
 protected:
  transport::TestServer server_{tell};
  Partner partner_{"demo-ehr", {.host = "127.0.0.1", .port = server_.port()}};
};

TEST_F(PartnerTest, AsksInItsOwnName) {
  const auto spoken = partner_.get("/fhir/metadata");
  ASSERT_TRUE(spoken.ok()) << spoken.error().message;
  EXPECT_EQ(spoken->root().get("partner").text(), "demo-ehr");
  EXPECT_EQ(spoken->root().get("asked").text(), "GET /fhir/metadata");
}

TEST_F(PartnerTest, PostsFhir) {
  const auto spoken = partner_.post("/fhir", R"({"a":1})");
  ASSERT_TRUE(spoken.ok()) << spoken.error().message;
  EXPECT_EQ(spoken->root().get("asked").text(), "POST /fhir");
  EXPECT_EQ(spoken->root().get("type").text(), "application/fhir+json");
  EXPECT_EQ(spoken->root().find("body.a").text(), "1");
}

TEST_F(PartnerTest, InsistsOnSuccess) {
  const auto spoken = partner_.get("/refused");
  ASSERT_FALSE(spoken.ok());
  EXPECT_THAT(spoken.error().message, HasSubstr("GET /refused"));
  EXPECT_THAT(spoken.error().message, HasSubstr("422: it lacks a start"));
}

TEST_F(PartnerTest, InsistsOnJson) { EXPECT_FALSE(partner_.get("/text").ok()); }

TEST_F(PartnerTest, SaysWhenNobodyAnswers) {
  server_.destroy();
  EXPECT_FALSE(partner_.get("/fhir/metadata").ok());
}

class ParametersTest : public testing::Test {
 protected:
  SharedDocument document_ = *parse_shared(R"({"parameter":[
      {"name":"line","part":[{"name":"units","valueDecimal":3},
                             {"name":"rule","valueString":"C2"}]},
      {"name":"finding","part":[]},
      {"name":"line","part":[
          {"name":"net","valueMoney":{"value":92.00,"currency":"USD"}}]}]})");
};

TEST_F(ParametersTest, GoesFromOneToTheNextOfTheSameName) {
  const Json first = next_parameter(document_->root(), "line");
  EXPECT_EQ(part(first, "rule"), "C2");
  const Json second = next_parameter(document_->root(), "line", first);
  EXPECT_EQ(part(second, "net"), "92.00");
  EXPECT_FALSE(next_parameter(document_->root(), "line", second).exists());
  EXPECT_FALSE(next_parameter(document_->root(), "none").exists());
}

TEST_F(ParametersTest, GivesThePartsValueAsText) {
  const Json line = next_parameter(document_->root(), "line");
  EXPECT_EQ(part(line, "units"), "3");
  EXPECT_EQ(part(line, "none"), "");
}

}  // namespace
}  // namespace gateway::server
