// The official examples are valid against base R4, but for those named here
// with their reason.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "fhir/definitions.h"
#include "folders.h"
#include "validate/validator.h"

namespace gateway::conformance {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::string> kNotValid = {
    {"DeviceUseStatement-example.json",
     "reasonReference leads to a Procedure, which the element does not allow"},
    {"MedicationRequest-medrx0301.json",
     "dispenseRequest.performer is a Practitioner, not an Organization"},
    {"ActivityDefinition-blood-tubes-supply.json", "an empty narrative, txt-2"},
    {"ActivityDefinition-heart-valve-replacement.json",
     "an empty narrative, txt-2"},
    {"EventDefinition-example.json", "an empty narrative, txt-2"},
    {"Questionnaire-zika-virus-exposure-assessment.json",
     "an empty narrative, txt-2"},
};

std::string shared_folder() {
  const char* set = std::getenv("WORKGATE_SHARED");
  return set != nullptr ? set : GATEWAY_SOURCE_DIR "/../shared";
}

TEST(ExamplesTest, TheOfficialExamplesAreValid) {
  const fs::path folder = shared_folder() + "/conformance/examples";
  if (!fs::exists(folder)) {
    GTEST_SKIP() << "the official examples are not at " << folder
                 << "; set WORKGATE_SHARED";
  }
  const auto definitions =
      fhir::Definitions::open(GATEWAY_BINARY_DIR "/workgate.image");
  ASSERT_TRUE(definitions.ok()) << definitions.error().message;
  const validate::Validator validator(*definitions);
  int checked = 0;
  std::set<std::string> not_valid;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name == "SOURCES.json") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const auto document = parse_shared({std::istreambuf_iterator<char>(in), {}},
                                       (*definitions)->keys());
    ASSERT_TRUE(document.ok()) << name;
    ++checked;
    const auto outcome = validator.validate(**document);
    if (outcome.acceptable()) continue;
    not_valid.insert(name);
    if (kNotValid.contains(name)) continue;
    for (const auto& finding : outcome.findings()) {
      if (finding.severity > fhir::Severity::error) continue;
      ADD_FAILURE() << name << ": " << finding.rule << " at "
                    << finding.expression << ": " << sentence(finding);
    }
  }
  std::printf("%d examples, %zu not valid\n", checked, not_valid.size());
  for (const auto& [name, reason] : kNotValid) {
    EXPECT_TRUE(not_valid.contains(name)) << name << " is valid now";
  }
}

}  // namespace
}  // namespace gateway::conformance
