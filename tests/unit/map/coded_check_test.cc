#include "map/coded_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kClinical =
    "=http://terminology.hl7.org/CodeSystem/condition-clinical";

// Condition.clinicalStatus is bound to six codes of one system.
class CodedCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  }
  static std::string problems_with(const std::string& coding) {
    return problems_of(load_library(
        files_with(
            "  c:\n    resourceType: Condition\n"
            "    subject: { display: =x }\n"
            "    clinicalStatus:\n      coding:\n" +
                coding,
            {{"tables/state.csv",
              "from,to,system\nA,active," + std::string(kClinical).substr(1) +
                  "\nB,actif," + std::string(kClinical).substr(1) + "\n"},
             {"tables/code.csv", "from,to\nA,active\nB,actif\n"}}),
        r4()));
  }
  static std::string coding(const std::string& system,
                            const std::string& code) {
    return "        - system: " + system + "\n          code: " + code + "\n";
  }
};

TEST_F(CodedCheckTest, RefusesTextsThatAreNoCodes) {
  EXPECT_THAT(problems_with(coding(kClinical, "=actif")),
              StartsWith("m.yaml:12:17: \"actif\" is not a code of "
                         "Condition.clinicalStatus "
                         "(http://hl7.org/fhir/ValueSet/condition-clinical"));
  EXPECT_THAT(problems_with(coding("=http://else", "=active")),
              HasSubstr("under the system http://else"));
  EXPECT_THAT(
      problems_with(coding(kClinical, "iif(DG1-6 = 'F', 'active', 'gone')")),
      HasSubstr("\"gone\" is not a code"));
  EXPECT_THAT(problems_with(coding(kClinical, "DG1-6")),
              HasSubstr("say $table"));
  EXPECT_EQ(problems_with(coding(kClinical, "=active")), "");
}

TEST_F(CodedCheckTest, RefusesRowsThatAreNoCodes) {
  EXPECT_THAT(problems_with("        - { $from: DG1-6, $table: state, "
                            "$onUnmapped: omit }\n"),
              StartsWith("tables/state.csv:3:3: \"actif\" is not a code"));
  EXPECT_THAT(
      problems_with(coding(
          kClinical, "{ $from: DG1-6, $table: code, $onUnmapped: omit }")),
      StartsWith("tables/code.csv:3:3: \"actif\" is not a code"));
}

// What the sender wrote may stand beside the code that counts.
TEST_F(CodedCheckTest, OneCodingIsEnough) {
  EXPECT_EQ(problems_with(coding("=http://else", "DG1-6") +
                          coding(kClinical, "=active")),
            "");
  EXPECT_THAT(problems_of(load_library(
                  files_with("  c:\n    resourceType: Condition\n"
                             "    subject: { display: =x }\n"
                             "    clinicalStatus: { text: DG1-4 }\n"),
                  r4())),
              HasSubstr("takes only the codes of"));
}

// A Coding by itself.
TEST_F(CodedCheckTest, ChecksCodings) {
  const auto filter = [](const std::string& code) {
    return problems_of(
        load_library(files_with("  e:\n    resourceType: MessageHeader\n"
                                "    eventUri: =http://a\n"
                                "    source: { endpoint: =http://b }\n"
                                "    meta: { security: [{ code: " +
                                code + " }] }\n"),
                     r4()));
  };
  EXPECT_EQ(filter("=anything"), "");  // not a required binding
}

}  // namespace
}  // namespace gateway::map
