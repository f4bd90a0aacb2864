// Evidence for the validator: the official cases, with the table of scores and
// each disagreement. Counts may not fall.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "conformance/validator_cases.h"
#include "folders.h"

namespace gateway::conformance {
namespace {

constexpr double kAgreement = 0.97;
constexpr double kQuestionnaireAgreement = 0.90;
constexpr double kPlaces = 0.85;

std::string shared_folder() {
  const char* set = std::getenv("WORKGATE_SHARED");
  return set != nullptr ? set : GATEWAY_SOURCE_DIR "/../shared";
}

void add(Score& sum, const Score& score) {
  sum.checks += score.checks;
  sum.agreeing += score.agreeing;
  sum.places += score.places;
  sum.found_places += score.found_places;
}

void print(const std::string& name, const Score& score) {
  std::printf("%-16s %4d of %4d agree, %4d of %4d places\n", name.c_str(),
              score.agreeing, score.checks, score.found_places, score.places);
}

TEST(ValidatorConformanceTest, AgreesWithTheOfficialCases) {
  const auto folder = shared_folder() + "/conformance/validator-r4";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "the official cases are not at " << folder
                 << "; set WORKGATE_SHARED";
  }
  const auto definitions =
      fhir::Definitions::open(GATEWAY_BINARY_DIR "/workgate.image");
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  const auto results = run_validator_cases(folder, *definitions);
  Score outside;
  Score questionnaires;
  for (const auto& [module, score] : scores(results)) {
    print(module, score);
    add(module == "questionnaire" ? questionnaires : outside, score);
  }
  print("all but these", outside);
  for (const auto& result : results) {
    if (result.agrees()) continue;
    std::printf("%s (%s): %d errors expected, %d found\n", result.name.c_str(),
                result.check.c_str(), result.expected_errors,
                result.found_errors);
    for (const auto& detail : result.details) {
      std::printf("%.240s\n", detail.c_str());
    }
  }
  EXPECT_GE(outside.agreeing, kAgreement * outside.checks);
  EXPECT_GE(questionnaires.agreeing,
            kQuestionnaireAgreement * questionnaires.checks);
  EXPECT_GE(outside.found_places + questionnaires.found_places,
            kPlaces * (outside.places + questionnaires.places));
}

}  // namespace
}  // namespace gateway::conformance
