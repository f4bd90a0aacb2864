// Whatever the guide shows can be sent: each example of each requirement,
// applied to a complete case, leaves nothing that base R4 refuses.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fhir/definitions.h"
#include "unit/billing/complete_case.h"
#include "validate/validator.h"

namespace gateway::billing {
namespace {

using Example = std::vector<std::pair<std::string, std::string>>;

class GuideExamplesTest : public testing::Test {
 protected:
  // What is wrong with a resource: "rule at expression: text", per error.
  std::vector<std::string> errors(const std::string& resource) const {
    const auto document =
        parse_shared(resource, validator_.definitions().keys());
    if (!document) return {document.error().message + ": " + resource};
    std::vector<std::string> found;
    const auto outcome = validator_.validate(**document);
    for (const auto& one : outcome.findings()) {
      if (one.severity > fhir::Severity::error) continue;
      found.push_back(one.rule + " at " + one.expression + ": " + one.text);
    }
    return found;
  }

  // Validates what an example changes of the complete case or adds to it, and
  // says how many resources that were.
  int check(const std::string& label, const Example& example) const {
    CompleteCase complete(Program::work_conditioning);
    const auto before = complete.items();
    for (const auto& [name, value] : example) {
      if (name == "set" || name == "program") continue;
      complete.apply(name, value);
      if (value.find("\"resourceType\"") == std::string::npos) continue;
      EXPECT_THAT(errors(value), testing::IsEmpty()) << label << " " << name;
    }
    int changed = 0;
    for (const auto& [name, text] : complete.items()) {
      const auto known = before.find(name);
      if (known != before.end() && known->second == text) continue;
      ++changed;
      EXPECT_THAT(errors(text), testing::IsEmpty()) << label << " " << name;
    }
    return changed;
  }

  validate::Validator validator_{
      *fhir::Definitions::open(GATEWAY_BINARY_DIR "/workgate.image")};
};

TEST_F(GuideExamplesTest, TheCompleteCaseIsValid) {
  const CompleteCase complete(Program::work_conditioning);
  for (const auto& [name, text] : complete.items()) {
    EXPECT_THAT(errors(text), testing::IsEmpty()) << name;
  }
}

TEST_F(GuideExamplesTest, EachExampleIsValid) {
  const auto programs = shipped_programs(demo_site());
  int changed = 0;
  for (const auto& pack : programs.packs()) {
    for (const auto& row : pack->requirements) {
      if (row.variant) continue;
      changed += check(row.rule + " good", row.good);
      changed += check(row.rule + " bad", row.bad);
    }
  }
  EXPECT_GT(changed, 100);
}

TEST_F(GuideExamplesTest, WhatIsNotValidIsFound) {
  EXPECT_THAT(errors(R"({"resourceType":"Consent","status":"active"})"),
              testing::Not(testing::IsEmpty()));
}

}  // namespace
}  // namespace gateway::billing
