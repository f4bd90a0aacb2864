#include "exchange/fhir_api.h"

#include <gtest/gtest.h>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

OrRefusal<WriteRequest> posted(const std::string& body) {
  return read_write_request(
      interaction_of("POST", "/fhir/Patient", fhir_content(), body), body,
      KeyTable::none(), test_site());
}

TEST(FhirApiTest, ReadsABody) {
  const auto request = taken(posted(R"({"resourceType":"Patient"})"));
  EXPECT_EQ(request.entries.size(), 1U);
  EXPECT_EQ(request.document->source(), R"({"resourceType":"Patient"})");
}

TEST(FhirApiTest, WhatIsNotJsonIs400WithItsByte) {
  for (const auto* const body :
       {"", "{", "{} x", R"({"a":1,"a":2})", "\xFF", "{\"a\":\"\\ud800\"}"}) {
    const auto result = posted(body);
    ASSERT_EQ(refusal_text(result), "400 rest/invalid") << body;
    EXPECT_TRUE(
        std::get<Refusal>(result).outcome.findings().front().span.has_value())
        << body;
  }
}

TEST(FhirApiTest, TooDeepIs413) {
  const auto result = posted(std::string(10000, '[') + std::string(10000, ']'));
  EXPECT_EQ(std::get<Refusal>(result).status, 413);
}

}  // namespace
}  // namespace gateway::exchange
