#include "map/rule_compiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Row {
  std::string rules;    // behind resourceType: Patient
  std::string problem;  // the beginning of the first one
};

class RuleCompilerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  }
};

const std::vector<MapFile> kOthers{
    {"tables/sex.csv", "from,to\nF,female\nX,sometimes\n"},
    {"tables/any.csv", "from,to\n*,other\n"},
    {"parts.yaml", "parts: { XPN: { family: .1 }, Loop: { $use: Loop } }\n"}};

TEST_F(RuleCompilerTest, NamesPlaceAndProblem) {
  const std::vector<Row> rows{
      {"birthdate: PID-7",
       "m.yaml:8:5: Patient is a Patient and has no \"birthdate\"; did you "
       "mean birthDate?"},
      {"birthDate: PIX-7", "m.yaml:8:16: REF_I12 has no PIX here"},
      {"birthDate: =yesterday", "m.yaml:8:16: \"yesterday\" is no date"},
      {"birthDate: 1984-02-17",
       "m.yaml:8:16: this would be reckoned as a subtraction"},
      {"birthDate:", "m.yaml:8:5: \"birthDate\" has no value"},
      {"birthDate: { $from: PID-7, $when: }",
       "m.yaml:8:32: \"$when\" has no value"},
      {"birthDate: [PID-7]", "m.yaml:8:16: Patient.birthDate does not repeat"},
      {"name: { family: PID-5 }", "m.yaml:8:11: Patient.name repeats"},
      {"name: [PID-5]", "m.yaml:8:12: Patient.name is a HumanName"},
      {"birthDate: { $from: PID-7, year: PID-7 }",
       "m.yaml:8:32: Patient.birthDate is a date and has no elements"},
      {"maritalStatus: { $from: PID-16 }",
       "m.yaml:8:20: Patient.maritalStatus is a CodeableConcept: write its"},
      {"maritalStatus: { $from: PID-16, $table: sex, $onUnmapped: omit }",
       "m.yaml:8:20: Patient.maritalStatus is a CodeableConcept: write its"},
      {"maritalStatus: { $table: sex, $onUnmapped: omit, text: PID-16 }",
       "m.yaml:8:30: $table is for a value, and Patient.maritalStatus has "
       "elements"},
      {"birthDate: { $form: PID-7 }", "m.yaml:8:16: Patient.birthDate says"},
      {"birthDate: { $from: PID-7, $onMising: omit }",
       "m.yaml:8:32: there is no \"$onMising\"; did you mean $onMissing?"},
      {"gender: =mail",
       "m.yaml:8:13: \"mail\" is not a code of Patient.gender"},
      {"gender: { $from: PID-8, $table: sexx, $onUnmapped: omit }",
       "m.yaml:8:37: there is no table \"sexx\"; did you mean sex?"},
      {"gender: { $from: PID-8, $table: sex, $onUnmapped: omit }",
       "tables/sex.csv:3:3: \"sometimes\" is not a code of Patient.gender"},
      {"gender: { $from: PID-8, $table: sex }", "m.yaml:8:37: say $onUnmapped"},
      {"name: [{ $use: XPM, $from: PID-5 }]",
       "m.yaml:8:20: there is no part \"XPM\"; did you mean XPN?"},
      {"name: [{ $use: Loop }]", "parts.yaml:1:"},
      {"contact: [{ name: { family: PID-5 } }]\n    link: [{ type: =refer }]",
       "m.yaml:9:12: Patient.link.other is required, and the map does not"},
      {"link: [{ other: { display: PID-5 }, type: =seealso }]",
       "m.yaml:8:12: Patient.link.other is required and may be empty"},
      {"managingOrganization: { $ref: nobody }",
       "m.yaml:8:35: nothing above gives \"nobody\""},
      {"name: [{ $from: PID-5, $each: PID-9, family: .1 }]",
       "m.yaml:8:21: an object has $each or $from"},
      {"name: [{ $from: PID-5 & 'x', family: .1 }]",
       "m.yaml:8:21: only a path"},
      {"name: []", "m.yaml:8:11: Patient.name is an empty list"},
      {"birthDate: { $choice: day }", "m.yaml:8:27: there is no choice"},
  };
  for (const auto& row : rows) {
    const auto loaded = load_library(
        files_with("  p:\n    resourceType: Patient\n    " + row.rules + "\n",
                   kOthers),
        r4());
    EXPECT_EQ(loaded.library, nullptr) << row.rules;
    EXPECT_THAT(problems_of(loaded), StartsWith(row.problem)) << row.rules;
  }
}

// An element that does not repeat, or has one of several types, gets one value.
TEST_F(RuleCompilerTest, WantsOneValueWhereOneMayBe) {
  const std::vector<Row> rows{
      {"birthDate: { $each: PID-7 }",
       "m.yaml:8:16: Patient.birthDate does not repeat, and $each may give "
       "several"},
      {"maritalStatus: { $each: PID-16, text: .1 }",
       "m.yaml:8:20: Patient.maritalStatus does not repeat"},
      {"name: [{ family: { $each: PID-5.1 } }]",
       "m.yaml:8:22: Patient.name.family does not repeat"},
      {"deceasedBoolean: PID-30\n    deceasedDateTime: PID-29",
       "m.yaml:7:5: Patient: deceasedBoolean and deceasedDateTime are one "
       "element"},
  };
  for (const auto& row : rows) {
    const auto loaded = load_library(
        files_with("  p:\n    resourceType: Patient\n    " + row.rules + "\n",
                   kOthers),
        r4());
    EXPECT_THAT(problems_of(loaded), StartsWith(row.problem)) << row.rules;
  }
  for (const std::string good :
       {"birthDate: { $each: \"first(PID-7, PID-29)\" }",
        "birthDate: { $each: \"PID-7[1]\" }",
        "maritalStatus: { $each: PID-16, $when: .3, text: .1 }",
        "name: [{ $each: PID-5, family: .1 }]",
        "deceasedBoolean: { $from: PID-30, $when: PID-29.empty() }\n"
        "    deceasedDateTime: PID-29"}) {
    const auto loaded = load_library(
        files_with("  p:\n    resourceType: Patient\n    " + good + "\n",
                   kOthers),
        r4());
    EXPECT_EQ(problems_of(loaded), "") << good;
  }
}

TEST_F(RuleCompilerTest, ChecksWhatASettingSays) {
  const auto loaded = load_library(
      files_with("  p: { resourceType: Patient, active: '%active' }\n",
                 {{"s.yaml", "settings: { active: perhaps }\n"}}),
      r4());
  EXPECT_THAT(problems_of(loaded),
              StartsWith("s.yaml:1:21: \"perhaps\" is no boolean, which "
                         "Patient.active must be: true or false"));
}

TEST_F(RuleCompilerTest, ReferencesKnowTheirTargets) {
  const auto loaded = load_library(
      files_with(
          "  o: { resourceType: Organization, active: =true }\n"
          "  c:\n    resourceType: Condition\n    subject: { $ref: o }\n"),
      r4());
  EXPECT_THAT(problems_of(loaded),
              HasSubstr("Condition.subject may not refer to a Organization"));
}

TEST_F(RuleCompilerTest, AcceptsWhatSaysWhatHappens) {
  const auto loaded = load_library(
      files_with("  p:\n    resourceType: Patient\n"
                 "    name: [{ $use: XPN, $each: PID-5, given: [.2] }]\n"
                 "    gender: { $from: PID-8, $table: any2 }\n"
                 "    communication:\n"
                 "      - language: { $onMissing: skip, text: PID-15 }\n",
                 {{"parts.yaml", "parts: { XPN: { family: .1 } }\n"},
                  {"tables/any2.csv", "from,to\n*,other\n"}}),
      r4());
  EXPECT_EQ(problems_of(loaded), "");
}

TEST(RuleCompilerUntypedTest, WorksWithoutTypes) {
  const auto loaded = load_library(
      files_with("  p: { resourceType: Anything, sometime: PID-7 }\n"),
      nullptr);
  EXPECT_EQ(problems_of(loaded), "");
}

// What stands on a path that is wrong already is no path of a document.
TEST(RuleCompilerUntypedTest, FindsNoSegmentsInDocuments) {
  const auto loaded =
      load_library({{"m.yaml",
                     "map: m\nversion: 1\nsource: episode\nemit:\n  p:\n"
                     "    resourceType: Patient\n"
                     "    name: [{ $each: =, family: PIX-1 }]\n"}},
                   nullptr);
  EXPECT_EQ(loaded.library, nullptr);
  EXPECT_THAT(problems_of(loaded),
              HasSubstr("m.yaml:7:32: a document has no PIX here"));
}

// Names go into bodies as they stand, with or without types.
TEST(RuleCompilerUntypedTest, RefusesWhatCanBeNoName) {
  const std::vector<Row> rows{
      {"name: [{ : PID-5.1 }]",
       "m.yaml:8:14: Patient.name has a key without a name: write"},
      {"name: [{ sM$onising: skip, family: .1 }]",
       "m.yaml:8:14: \"sM$onising\" is no name of an element of "
       "Patient.name: a letter, then letters and digits; did you mean"},
      {"name: [{ $from: PID-5, onMissing$: .1 }]",
       "m.yaml:8:28: \"onMissing$\" is no name of an element of "
       "Patient.name: a letter, then letters and digits; did you mean "
       "$onMissing?"},
      {"birth-date: PID-7",
       "m.yaml:8:5: \"birth-date\" is no name of an element of Patient: a "
       "letter, then letters and digits; did you mean birthdate?"},
      {"\"a\\\"b\": PID-7", "m.yaml:8:5: "},
      {"contained: [{ resourceType: \"list\", id: PID-3 }]",
       "m.yaml:8:33: \"list\" is no name of a resource: a capital, then "
       "letters; did you mean List?"},
      {"contained: [{ resourceType: [a], id: PID-3 }]",
       "m.yaml:8:33: resourceType names no type"},
      {"subject: { $match: \"a b\", value: PID-3 }",
       "m.yaml:8:24: \"a b\" is no name of a resource"},
  };
  for (const auto& row : rows) {
    const auto loaded = load_library(
        files_with("  p:\n    resourceType: Patient\n    " + row.rules + "\n"),
        nullptr);
    EXPECT_EQ(loaded.library, nullptr) << row.rules;
    EXPECT_THAT(problems_of(loaded), StartsWith(row.problem)) << row.rules;
  }
}

}  // namespace
}  // namespace gateway::map
