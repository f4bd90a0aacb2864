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

#include "fhir/definition_set.h"
#include "fhir/definitions.h"
#include "folders.h"
#include "validate/image_compiler.h"
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
    {"ExplanationOfBenefit-EOBOutpatient2.json",
     "the narrative has &reg;, an entity of HTML: txt-1"},
    {"ExplanationOfBenefit-EOBProfessionalTransportation1.json",
     "the narrative has &reg;, an entity of HTML: txt-1"},
};

std::string shared_folder() {
  const char* set = std::getenv("WORKGATE_SHARED");
  return set != nullptr ? set : GATEWAY_SOURCE_DIR "/../shared";
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
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
    const auto document =
        parse_shared(read(entry.path()), (*definitions)->keys());
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

// Against the profiles that they claim, where their version is at hand: R4
// core, US Core 3.1.1 and PAS 2.0.1 in one.
TEST(ExamplesTest, TheExamplesOfPasAreValidAgainstTheirProfiles) {
  const fs::path packages = shared_folder() + "/packages";
  const fs::path folder = shared_folder() + "/conformance/examples/pas-2.0.1";
  if (!fs::exists(packages) || !fs::exists(folder)) {
    GTEST_SKIP() << "packages or examples are not at " << shared_folder()
                 << "; set WORKGATE_SHARED";
  }
  const auto core =
      fhir::Definitions::open(GATEWAY_BINARY_DIR "/workgate.image");
  ASSERT_TRUE(core.ok()) << core.error().message;
  fhir::DefinitionSet set;
  for (const auto* name : {"us_core_311.tgz", "davinci_pas_2.0.1.tgz"}) {
    ASSERT_TRUE(set.add_package(packages / name).ok()) << name;
  }
  const auto compiled = validate::compile(set, *core);
  ASSERT_TRUE(compiled.ok());
  EXPECT_TRUE(compiled->outcome.acceptable());
  const validate::Validator validator(compiled->definitions);
  int checked = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const auto document =
        parse_shared(read(entry.path()), compiled->definitions->keys());
    ASSERT_TRUE(document.ok()) << entry.path();
    ++checked;
    const auto outcome = validator.validate(**document);
    for (const auto& finding : outcome.findings()) {
      if (finding.severity > fhir::Severity::error &&
          finding.rule != "profile/not-loaded") {
        continue;
      }
      ADD_FAILURE() << entry.path().filename() << ": " << finding.rule << " at "
                    << finding.expression << ": " << sentence(finding);
    }
  }
  std::printf("%d examples of PAS 2.0.1 checked\n", checked);
  EXPECT_EQ(checked, 22);
}

// A profile that nobody has loaded is said once for each claim, and no more.
TEST(ExamplesTest, ProfilesThatAreNotLoadedAreAnInformation) {
  const fs::path folder = shared_folder() + "/conformance/examples/pas-2.0.1";
  if (!fs::exists(folder)) {
    GTEST_SKIP() << "the examples are not at " << folder;
  }
  const auto core =
      fhir::Definitions::open(GATEWAY_BINARY_DIR "/workgate.image");
  ASSERT_TRUE(core.ok()) << core.error().message;
  const auto document =
      parse_shared(read(folder / "Claim-HomecareAuthorizationExample.json"),
                   (*core)->keys());
  ASSERT_TRUE(document.ok());
  const auto outcome = validate::Validator(*core).validate(**document);
  int told = 0;
  for (const auto& finding : outcome.findings()) {
    if (finding.rule != "profile/not-loaded") continue;
    EXPECT_EQ(finding.severity, fhir::Severity::information);
    ++told;
  }
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace gateway::conformance
