// The package of profiles: it loads, its examples are right or wrong in the
// one thing that their names say, and it can be packed as its README tells.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "fhir/definition_set.h"
#include "folders.h"
#include "validate/image_compiler.h"
#include "validate/validator.h"

namespace gateway::validate {
namespace {

namespace fs = std::filesystem;

const fs::path kPackage = fs::path(GATEWAY_SOURCE_DIR) / "fhir-profiles";

// An example, the rule that it breaks, and where.
struct Wrong {
  std::string_view example;
  std::string_view rule;
  std::string_view place;
};

constexpr std::array<Wrong, 63> kWrong{{
    {"wc-referral-invalid-subject-is-a-group", "profile/type-profile",
     "ServiceRequest.subject"},
    {"wc-referral-invalid-intent-is-a-proposal", "profile/pattern",
     "ServiceRequest.intent"},
    {"wc-referral-invalid-visits-as-a-range", "profile/type",
     "ServiceRequest.quantity"},
    {"wc-referral-invalid-half-a-visit", "invariant/wc-ref-2",
     "ServiceRequest"},
    {"wc-referral-invalid-highest-frequency-below-lowest", "invariant/wc-ref-3",
     "ServiceRequest"},
    {"wc-referral-invalid-diagnosis-without-its-dot", "invariant/wc-ref-4",
     "ServiceRequest"},
    {"wc-referral-invalid-two-timings", "invariant/wc-ref-6", "ServiceRequest"},
    {"wc-referral-invalid-placer-number-without-value", "profile/min",
     "ServiceRequest.identifier[0]"},
    {"wc-coverage-invalid-claim-number-without-value", "invariant/wc-cov-1",
     "Coverage.identifier[0]"},
    {"wc-coverage-invalid-two-claim-numbers", "profile/max", "Coverage"},
    {"wc-coverage-invalid-no-type", "profile/min", "Coverage"},
    {"wc-coverage-invalid-preferred-provider-plan", "profile/pattern",
     "Coverage.type"},
    {"wc-coverage-invalid-policy-holder-is-the-worker", "profile/type-profile",
     "Coverage.policyHolder"},
    {"wc-coverage-invalid-payor-is-the-worker", "profile/type-profile",
     "Coverage.payor[0]"},
    {"wc-coverage-invalid-two-payors", "profile/max", "Coverage"},
    {"wc-coverage-invalid-jurisdiction-in-words", "invariant/wc-jur-1",
     "Coverage.extension[0]"},
    {"wc-coverage-invalid-jurisdiction-of-wrong-type", "profile/type",
     "Coverage.extension[0]"},
    {"wc-authorization-invalid-use-is-a-claim", "profile/pattern",
     "ClaimResponse.use"},
    {"wc-authorization-invalid-period-of-months", "invariant/wc-aut-1",
     "ClaimResponse"},
    {"wc-authorization-invalid-fewer-than-no-visits", "invariant/wc-aut-2",
     "ClaimResponse"},
    {"wc-authorization-invalid-review-action-unknown", "invariant/wc-aut-3",
     "ClaimResponse"},
    {"wc-authorization-invalid-number-beside-an-error", "invariant/wc-aut-6",
     "ClaimResponse"},
    {"wc-authorization-invalid-authorized-referral-is-a-claim",
     "profile/type-profile", "ClaimResponse.extension[0].value"},
    {"wc-authorization-invalid-no-insurer", "structure/min", "ClaimResponse"},
    {"wc-session-invalid-no-referral", "profile/min", "Procedure"},
    {"wc-session-invalid-two-referrals", "profile/max", "Procedure"},
    {"wc-session-invalid-based-on-a-care-plan", "profile/type-profile",
     "Procedure.basedOn[0]"},
    {"wc-session-invalid-no-code", "profile/min", "Procedure"},
    {"wc-session-invalid-one-instant-only", "profile/type",
     "Procedure.performed"},
    {"wc-session-invalid-no-end", "invariant/wc-ses-1", "Procedure"},
    {"wc-session-invalid-dates-without-times", "invariant/wc-ses-2",
     "Procedure"},
    {"wc-session-invalid-longer-than-a-day", "invariant/wc-ses-3", "Procedure"},
    {"wc-encounter-invalid-still-planned", "binding/required",
     "Encounter.status"},
    {"wc-encounter-invalid-inpatient", "profile/pattern", "Encounter.class"},
    {"wc-encounter-invalid-type-is-no-program", "binding/required",
     "Encounter.type[0]"},
    {"wc-encounter-invalid-no-referral", "profile/min", "Encounter"},
    {"wc-encounter-invalid-no-end", "profile/min", "Encounter.period"},
    {"wc-encounter-invalid-length-in-hours", "profile/pattern",
     "Encounter.length"},
    {"wc-encounter-invalid-length-with-half-a-minute", "invariant/wc-enc-1",
     "Encounter"},
    {"wc-claim-invalid-total-is-not-the-sum", "invariant/wc-clm-1", "Claim"},
    {"wc-claim-invalid-further-hours-alone", "invariant/wc-clm-2", "Claim"},
    {"wc-claim-invalid-further-hours-of-another-date", "invariant/wc-clm-2",
     "Claim"},
    {"wc-claim-invalid-first-hours-twice-a-day", "invariant/wc-clm-3", "Claim"},
    {"wc-claim-invalid-net-is-not-quantity-times-price", "invariant/wc-clm-4",
     "Claim.item[1]"},
    {"wc-claim-invalid-active-without-fee", "invariant/wc-clm-5", "Claim"},
    {"wc-claim-invalid-active-without-diagnosis", "invariant/wc-clm-6",
     "Claim"},
    {"wc-claim-invalid-replacement-of-nothing", "invariant/wc-clm-7", "Claim"},
    {"wc-claim-invalid-active-void-without-payers-number", "invariant/wc-clm-8",
     "Claim"},
    {"wc-claim-invalid-two-calendar-years", "invariant/wc-clm-9", "Claim"},
    {"wc-claim-invalid-diagnosis-pointer-to-nothing", "invariant/wc-clm-10",
     "Claim"},
    {"wc-claim-invalid-two-authorizations", "profile/max",
     "Claim.insurance[0]"},
    {"wc-claim-invalid-no-frequency", "profile/min", "Claim"},
    {"wc-claim-invalid-frequency-unknown", "binding/required",
     "Claim.extension[0].value"},
    {"wc-claim-invalid-no-patient-control-number", "profile/min", "Claim"},
    {"wc-claim-invalid-place-of-service-with-one-digit", "invariant/wc-clm-13",
     "Claim.item[0]"},
    {"wc-correction-task-invalid-status-is-a-draft", "binding/required",
     "Task.status"},
    {"wc-correction-task-invalid-intent-is-a-plan", "profile/pattern",
     "Task.intent"},
    {"wc-correction-task-invalid-code-unknown", "binding/required",
     "Task.code"},
    {"wc-correction-task-invalid-focus-is-the-worker", "profile/type-profile",
     "Task.focus"},
    {"wc-correction-task-invalid-reason-beside-the-findings",
     "invariant/wc-tsk-1", "Task"},
    {"wc-correction-task-invalid-an-input-is-missing", "invariant/wc-tsk-2",
     "Task"},
    {"wc-correction-task-invalid-reason-is-no-finding", "invariant/wc-tsk-3",
     "Task"},
    {"wc-correction-task-invalid-no-input", "profile/min", "Task"},
}};

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Names without ".json" of the examples whose names contain `kind`.
std::set<std::string> examples(const std::string& kind) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(kPackage / "examples")) {
    const auto name = entry.path().stem().string();
    if (name.find('-' + kind + '-') != std::string::npos) names.insert(name);
  }
  return names;
}

std::vector<fs::path> definitions() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kPackage)) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name.front() == '.') continue;
    if (name != "package.json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class ProfilesTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto image = fhir::Definitions::open(std::string(GATEWAY_BINARY_DIR) +
                                         "/workgate.image");
    ASSERT_TRUE(image.ok()) << image.error().message;
    validator_ = new Validator(*std::move(image));
  }
  static void TearDownTestSuite() {
    delete validator_;
    validator_ = nullptr;
  }

  static std::vector<fhir::Finding> errors(const std::string& example) {
    const auto document = JsonDocument::parse(
        bytes_of(kPackage / "examples" / (example + ".json")),
        validator_->definitions().keys());
    if (!document.ok()) return {{.text = document.error().message}};
    std::vector<fhir::Finding> found;
    const auto outcome = validator_->validate(*document);
    for (const auto& finding : outcome.findings()) {
      if (finding.severity <= fhir::Severity::error) found.push_back(finding);
    }
    return found;
  }

  static std::string told(const std::vector<fhir::Finding>& findings) {
    std::string text;
    for (const auto& finding : findings) {
      text += finding.rule + " at " + finding.expression + ": " +
              fhir::sentence(finding) + '\n';
    }
    return text;
  }

  static Validator* validator_;
};
Validator* ProfilesTest::validator_ = nullptr;

TEST_F(ProfilesTest, ValidExamplesHaveNoError) {
  for (const auto& example : examples("valid")) {
    EXPECT_EQ(told(errors(example)), "") << example;
  }
}

TEST_F(ProfilesTest, InvalidExamplesBreakTheRuleThatTheirNameSays) {
  for (const auto& wrong : kWrong) {
    const auto found = errors(std::string(wrong.example));
    const bool hit =
        std::any_of(found.begin(), found.end(), [&](const auto& finding) {
          return finding.rule == wrong.rule &&
                 finding.expression.starts_with(wrong.place);
        });
    EXPECT_TRUE(hit) << wrong.example << " should break " << wrong.rule
                     << " at " << wrong.place << "; found:\n"
                     << told(found);
  }
}

TEST_F(ProfilesTest, NoInvalidExampleIsWrongElsewhere) {
  for (const auto& wrong : kWrong) {
    for (const auto& finding : errors(std::string(wrong.example))) {
      EXPECT_TRUE(finding.expression.starts_with(wrong.place) ||
                  wrong.place.starts_with(finding.expression))
          << wrong.example << ": " << told({finding});
    }
  }
}

TEST(ProfilePackageTest, EachInvalidExampleHasItsRule) {
  std::set<std::string> named;
  for (const auto& wrong : kWrong) named.emplace(wrong.example);
  EXPECT_EQ(named, examples("invalid"));
}

TEST(ProfilePackageTest, EachProfileHasExamplesOfBothKinds) {
  std::map<std::string, int> valid;
  std::map<std::string, int> invalid;
  for (const auto& name : examples("valid")) {
    ++valid[name.substr(0, name.find("-valid-"))];
  }
  for (const auto& name : examples("invalid")) {
    ++invalid[name.substr(0, name.find("-invalid-"))];
  }
  for (const auto& file : definitions()) {
    const auto name = file.stem().string();
    if (!name.starts_with("StructureDefinition-wc-")) continue;
    const auto profile = name.substr(name.find("wc-"));
    EXPECT_GE(valid[profile], 2) << profile;
    EXPECT_GE(invalid[profile], 4) << profile;
  }
}

TEST(ProfilePackageTest, DefinitionsAgreeWithTheManifestAndTheIndex) {
  const auto manifest =
      JsonDocument::parse(bytes_of(kPackage / "package.json"));
  const auto index = JsonDocument::parse(bytes_of(kPackage / ".index.json"));
  ASSERT_TRUE(manifest.ok());
  ASSERT_TRUE(index.ok());
  const std::string base(manifest->root().get("canonical").text());
  std::map<std::string, std::string> listed;
  for (const Json file : index->root().get("files")) {
    listed[std::string(file.get("filename").text())] = file.get("url").text();
  }
  for (const auto& file : definitions()) {
    const auto document = JsonDocument::parse(bytes_of(file));
    ASSERT_TRUE(document.ok()) << file << document.error().message;
    const Json root = document->root();
    const auto type = std::string(root.get("resourceType").text());
    const auto id = std::string(root.get("id").text());
    const auto name = file.filename().string();
    EXPECT_EQ(name, type + '-' + id + ".json");
    // The codes of a standard keep the name of their system.
    const auto url = id == "currency" ? "urn:iso:std:iso:4217"
                                      : base + '/' + type + '/' + id;
    EXPECT_EQ(root.get("url").text(), url);
    EXPECT_EQ(root.get("version").text(),
              manifest->root().get("version").text());
    EXPECT_FALSE(root.get("snapshot").exists()) << name;
    EXPECT_EQ(listed[name], root.get("url").text());
    listed.erase(name);
  }
  EXPECT_TRUE(listed.empty());
}

// CPT is licensed: numbers only, never a text beside them.
TEST(ProfilePackageTest, CodesOfOthersComeWithoutTheirTexts) {
  std::vector<fs::path> files = definitions();
  for (const auto& entry : fs::directory_iterator(kPackage / "examples")) {
    files.push_back(entry.path());
  }
  for (const auto& file : files) {
    const auto text = bytes_of(file);
    if (file.filename().string().starts_with("CodeSystem-")) continue;
    EXPECT_EQ(text.find("\"display\""), std::string::npos) << file;
  }
}

TEST_F(ProfilesTest, LoadsAsAPackedPackage) {
  const auto scratch =
      fs::path(testing::TempDir()) /
      ("workgate.profiles." + std::to_string(getpid()) + ".tgz");
  const std::string command = "tar -czf '" + scratch.string() +
                              "' --exclude README.md "
                              "--transform 's,^\\./,package/,' -C '" +
                              kPackage.string() + "' .";
  ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT: as the README says
  fhir::DefinitionSet set;
  const auto added = set.add_package(scratch.string());
  ASSERT_TRUE(added.ok()) << added.error().message;
  EXPECT_EQ(set.inputs().size(), definitions().size());
  auto image = fhir::Definitions::open(std::string(GATEWAY_BINARY_DIR) +
                                       "/workgate.image");
  ASSERT_TRUE(image.ok());
  const auto compiled = compile(set, *image);
  ASSERT_TRUE(compiled.ok()) << compiled.error().message;
  EXPECT_EQ(told(compiled->outcome.findings()), "");
  fs::remove(scratch);
}

}  // namespace
}  // namespace gateway::validate
