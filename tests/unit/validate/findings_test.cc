#include "validate/findings.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

TEST(FindingsTest, TellsADefectOnceForEachPlace) {
  const auto document = parse_shared(
      R"({"resourceType":"Patient","active":true})", core()->keys());
  const Json active = (*document)->root().get("active");
  Findings findings(*core());
  for (int i = 0; i < 3; ++i) findings.add(active, {.rule = "a", .text = "t"});
  findings.add((*document)->root(), {.rule = "a", .text = "t"});
  EXPECT_EQ(findings.outcome().findings().size(), 2U);
  EXPECT_EQ(findings.outcome().findings()[0].expression, "Patient.active");
}

TEST(FindingsTest, ATrialOnlyCounts) {
  Findings findings(*core(), Findings::Detail::count);
  findings.add(Json(), {.rule = "a"});
  findings.add(Json(), {.rule = "b", .severity = fhir::Severity::warning});
  EXPECT_EQ(findings.errors(), 1U);
  EXPECT_TRUE(findings.outcome().empty());
}

TEST(FindingsTest, IsBounded) {
  std::string many = R"({"resourceType":"Patient")";
  for (int i = 0; i < 3000; ++i) many += ",\"x" + std::to_string(i) + "\":1";
  EXPECT_LE(errors(many + "}").size(), 1000U);
}

TEST(FindingsTest, WhatIsNoErrorNeverHidesOne) {
  std::string many = R"({"resourceType":"Basic","code":{"coding":[)";
  for (int i = 0; i < 3000; ++i) {
    many += R"({"system":"http://snomed.info/sct","code":")" +
            std::to_string(1000000 + i) + "\"},";
  }
  many += R"({"code":"x"}]},"created":"never"})";
  EXPECT_EQ(errors(many), Texts{"structure/format at Basic.created"});
}

}  // namespace
}  // namespace gateway::validate
