#include "billing/claim_content.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

std::string claim(const std::string& members) {
  return R"({"resourceType":"Claim",)" + members + "}";
}

TEST(ClaimContentTest, WhatIsWrittenOtherwiseIsTheSame) {
  EXPECT_EQ(differing_content(
                claim(R"("provider":{"reference":"Organization/1"})"),
                claim(R"("provider" : {"display":"Clinic",)"
                      R"("reference":"Organization/1"},"created":"2026")")),
            "");
}

struct Row {
  const char* name;
  std::string before, now;
};

TEST(ClaimContentTest, NamesEachPartThatDiffers) {
  const auto code = [](const std::string& name, const std::string& value) {
    return R"({")" + name + R"(":{"coding":[{"code":")" + value + R"("}]}})";
  };
  const Row rows[] = {
      {"diagnosis",
       R"("diagnosis":[)" + code("diagnosisCodeableConcept", "M54.50") + "]",
       R"("diagnosis":[)" + code("diagnosisCodeableConcept", "S33.5XXA") + "]"},
      {"date of injury", R"("accident":{"date":"2026-01-02"})",
       R"("accident":{"date":"2026-01-03"})"},
      {"claim number", R"("related":[{"reference":{"value":"WC-1"}}])",
       R"("related":[{"reference":{"value":"WC-2"}}])"},
      {"referring or rendering provider",
       R"("careTeam":[{"provider":{"reference":"Practitioner/1"}}])",
       R"("careTeam":[{"provider":{"reference":"Practitioner/2"}}])"},
      {"place of service",
       R"("item":[)" + code("locationCodeableConcept", "11") + "]",
       R"("item":[)" + code("locationCodeableConcept", "18") + "]"},
      {"billing provider", R"("provider":{"reference":"Organization/1"})",
       R"("provider":{"reference":"Organization/2"})"}};
  std::string all_before, all_now, names;
  for (const auto& row : rows) {
    EXPECT_EQ(differing_content(claim(row.before), claim(row.now)), row.name);
    EXPECT_EQ(differing_content(claim(row.now), claim(row.now)), "");
    const auto* comma = names.empty() ? "" : ",";
    all_before += comma + row.before;
    all_now += comma + row.now;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  EXPECT_EQ(differing_content(claim(all_before), claim(all_now)), names);
}

// A replacement names the claim before it, too.
TEST(ClaimContentTest, AClaimThatItReplacesIsNoClaimNumber) {
  EXPECT_EQ(
      differing_content(claim(R"("related":[{"reference":{"value":"WC-1"}}])"),
                        claim(R"("related":[{"claim":{"reference":"Claim/1"},)"
                              R"("reference":{"value":"P"}},)"
                              R"({"reference":{"value":"WC-1"}}])")),
      "");
}

}  // namespace
}  // namespace gateway::billing
