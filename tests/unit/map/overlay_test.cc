#include "map/overlay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

TEST(OverlayTest, NamesWhatIsWrong) {
  const auto loaded =
      load_library(files_with("  p: { resourceType: P, a: { $choice: id } }\n",
                              {{"lib.yaml",
                                "settings: { zone: '' }\nchoices: { id: PID-3 "
                                "}\n"}}),
                   nullptr);
  ASSERT_NE(loaded.library, nullptr);
  std::vector<MapProblem> problems;
  load_overlay({"p.yaml",
                "settings: { zome: x, zone: Mars/Base }\n"
                "choices: { idd: PID-3, id: PIX-3 }\n"
                "tables: { t: { A: b } }\nelse: 1\n"},
               *loaded.library, problems);
  LoadedLibrary shown;
  shown.problems = problems;
  const auto text = problems_of(shown);
  EXPECT_THAT(text, HasSubstr("a partner's name is wanted"));
  EXPECT_THAT(text, HasSubstr("did you mean zone?"));
  EXPECT_THAT(text, HasSubstr("\"Mars/Base\" is no time zone"));
  EXPECT_THAT(text, HasSubstr("no map takes the choice \"idd\""));
  EXPECT_THAT(text, HasSubstr("has no PIX here"));
  EXPECT_THAT(text, HasSubstr("there is no table \"t\""));
  EXPECT_THAT(text, HasSubstr("a partner has no \"else\""));
}

// Read as nothing, it would switch off all that the partner does otherwise.
TEST(OverlayTest, WhatIsNoObjectIsAnError) {
  const auto loaded =
      load_library(files_with("  p: { resourceType: P, a: PID-3 }\n"), nullptr);
  const auto problems = [&](const std::string& text) {
    LoadedLibrary shown;
    load_overlay({"p.yaml", "partner: a\n" + text + "\n"}, *loaded.library,
                 shown.problems);
    return problems_of(shown);
  };
  EXPECT_EQ(problems("tables: {}\nsettings:"), "");
  EXPECT_THAT(problems("tables: [a]"),
              HasSubstr("p.yaml:2:9: tables are names"));
  EXPECT_THAT(problems("choices: foo"), HasSubstr("choices are names"));
  EXPECT_THAT(problems("settings: [zone]"), HasSubstr("settings are names"));
}

TEST(OverlayTest, AStateHasTwoLetters) {
  const auto problems = [](const std::string& state) {
    const auto loaded = load_library(
        files_with("  p: { resourceType: P, a: PID-3 }\n",
                   {{"lib.yaml", "settings: { jurisdiction: '' }\n"}}),
        nullptr);
    LoadedLibrary shown;
    load_overlay(
        {"p.yaml", "partner: a\nsettings: { jurisdiction: " + state + " }\n"},
        *loaded.library, shown.problems);
    return problems_of(shown);
  };
  EXPECT_EQ(problems("TX"), "");
  EXPECT_EQ(problems("''"), "");
  EXPECT_THAT(problems("Texas"),
              HasSubstr("\"Texas\" is no state: two letters are wanted"));
  EXPECT_THAT(problems("tx"), HasSubstr("is no state"));
}

TEST(OverlayTest, ASettingOfWordsTakesOnlyThese) {
  const auto loaded = load_library(
      files_with("  p: { resourceType: P, a: '%strays' }\n",
                 {{"lib.yaml", "settings: { strays: [charges, pass] }\n"}}),
      nullptr);
  ASSERT_NE(loaded.library, nullptr) << problems_of(loaded);
  EXPECT_EQ(plain_overlay(*loaded.library).settings[0].value, "charges");
  const auto problems = [&](const std::string& word) {
    LoadedLibrary shown;
    load_overlay({"p.yaml", "partner: a\nsettings: { strays: " + word + " }\n"},
                 *loaded.library, shown.problems);
    return problems_of(shown);
  };
  EXPECT_EQ(problems("pass"), "");
  EXPECT_THAT(problems("passs"),
              HasSubstr("\"passs\" is no word of the setting \"strays\", "
                        "which has: charges, pass; did you mean pass?"));
}

TEST(OverlayTest, AListOfNoWordsIsAnError) {
  const auto loaded =
      load_library(files_with("  p: { resourceType: P, a: PID-3 }\n",
                              {{"lib.yaml", "settings: { strays: [] }\n"}}),
                   nullptr);
  EXPECT_THAT(problems_of(loaded), HasSubstr("a setting of no words"));
}

// What a partner's file says, over a table of the patient's sex.
std::string problems_of_partner(const std::string& text) {
  const auto loaded = load_library(
      files_with("  p:\n    resourceType: Patient\n    gender: { $from: PID-8, "
                 "$table: sex, $onUnmapped: omit }\n",
                 {{"lib.yaml", "settings: { zone: '' }\n"},
                  {"tables/sex.csv", "from,to\nF,female\n"}}),
      r4());
  LoadedLibrary shown;
  load_overlay({"p.yaml", "partner: a\n" + text}, *loaded.library,
               shown.problems);
  return problems_of(shown);
}

TEST(OverlayTest, RefusesRowsThatSayNothingOrTheWrongCode) {
  if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  EXPECT_THAT(problems_of_partner("tables: { sex: { X: unknwn } }\n"),
              HasSubstr("p.yaml:2:21: \"unknwn\" is not a code of "
                        "Patient.gender"));
  EXPECT_THAT(problems_of_partner("tables: { sex: { X: { system: y } } }\n"),
              HasSubstr("a row says what \"X\" becomes"));
  EXPECT_THAT(
      problems_of_partner("tables: { sex: { X: { to: male, displey: y } } }\n"),
      HasSubstr("did you mean display?"));
  EXPECT_THAT(problems_of_partner("tables: { sexx: { X: male } }\n"),
              HasSubstr("did you mean sex?"));
  EXPECT_THAT(problems_of_partner("tables: { sex: [X] }\n"),
              HasSubstr("rows are wanted"));
  EXPECT_THAT(problems_of_partner("settings: { zone: [a] }\n"),
              HasSubstr("a setting is a text"));
  EXPECT_EQ(problems_of_partner("tables: { sex: { X: male, Y: '' } }\n"), "");
}

// What partners say must have the type of the element, too.
TEST(OverlayTest, RefusesWhatCanNeverHaveTheType) {
  if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  const auto loaded = load_library(
      files_with(
          "  p:\n    resourceType: Patient\n"
          "    active: '%alive'\n"
          "    birthDate: { $choice: born }\n"
          "    gender: { $choice: sex, $table: sex, $onUnmapped: omit }\n"
          "    name: [{ $choice: name, family: .1 }]\n"
          "    deceasedBoolean: { $from: PID-30, $table: dead, "
          "$onUnmapped: omit }\n"
          "    communication:\n      - language: { text: =a }\n"
          "        preferred: { $choice: speaks }\n",
          {{"lib.yaml",
            "settings: { zone: '', alive: '' }\nchoices: { born: PID-7, "
            "sex: PID-8, name: PID-5, speaks: PID-15 }\n"},
           {"tables/sex.csv", "from,to\nF,female\n"},
           {"tables/dead.csv", "from,to\nY,true\n"}}),
      r4());
  ASSERT_EQ(problems_of(loaded), "");
  const auto told = [&](const std::string& text) {
    LoadedLibrary shown;
    load_overlay({"p.yaml", "partner: a\n" + text}, *loaded.library,
                 shown.problems);
    return problems_of(shown);
  };
  EXPECT_THAT(told("settings: { alive: 5 }\n"),
              HasSubstr("p.yaml:2:20: \"5\" is no boolean, which "
                        "Patient.active must be"));
  EXPECT_THAT(told("choices: { born: =soon }\n"),
              HasSubstr("p.yaml:2:18: \"soon\" is no date"));
  EXPECT_THAT(told("choices: { speaks: 'iif(PID-15, 7, true)' }\n"),
              HasSubstr("\"7\" is no boolean"));
  EXPECT_THAT(told("choices: { name: =Doe }\n"), HasSubstr("can be stood on"));
  EXPECT_THAT(told("tables: { dead: { Z: gone } }\n"),
              HasSubstr("\"gone\" is no boolean, which "
                        "Patient.deceasedBoolean must be"));
  EXPECT_EQ(told("settings: { alive: true }\nchoices: { born: PID-29, sex: "
                 "=F, name: PID-9 }\ntables: { dead: { Z: false, X: '' } }\n"),
            "");
}

// The rows of a Coding, as whole and by its code, where a value set binds it
// and where none does.
TEST(OverlayTest, RefusesRowsThatACodingCannotTake) {
  if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  const auto loaded = load_library(
      files_with(
          "  p:\n    resourceType: Patient\n"
          "    maritalStatus:\n      coding:\n"
          "        - { $from: PID-16, $table: free, $onUnmapped: omit }\n"
          "  c:\n    resourceType: Condition\n    subject: { $ref: p, "
          "$onMissing: reject }\n"
          "    clinicalStatus:\n      coding:\n"
          "        - { $from: DG1-6, $table: whole, $onUnmapped: omit }\n"
          "    verificationStatus:\n      coding:\n"
          "        - code: { $from: DG1-6, $table: part, $onUnmapped: skip }\n"
          "          system: =http://terminology.hl7.org/CodeSystem/"
          "condition-ver-status\n",
          {{"tables/free.csv", "from,to,system\nM,M,urn:m\n"},
           {"tables/whole.csv",
            "from,to,system\nA,active,http://terminology.hl7.org/CodeSystem/"
            "condition-clinical\n"},
           {"tables/part.csv", "from,to\nF,confirmed\n"}}),
      r4());
  ASSERT_EQ(problems_of(loaded), "");
  const auto told = [&](const std::string& rows) {
    LoadedLibrary shown;
    load_overlay({"p.yaml", "partner: a\ntables: " + rows + "\n"},
                 *loaded.library, shown.problems);
    return problems_of(shown);
  };
  EXPECT_THAT(told("{ whole: { X: { to: activ, system: urn:x } } }"),
              HasSubstr("p.yaml:2:29: \"activ\" is not a code of "
                        "Condition.clinicalStatus"));
  EXPECT_THAT(told("{ whole: { X: activ } }"),
              HasSubstr("did you mean active?"));
  EXPECT_THAT(told("{ part: { X: confirmd } }"),
              HasSubstr("p.yaml:2:22: \"confirmd\" is not a code of "
                        "Condition.verificationStatus"));
  EXPECT_THAT(told("{ free: { X: 'a  b' } }"), HasSubstr("is no code"));
  EXPECT_THAT(told("{ free: { X: { to: a, system: 'a b' } } }"),
              HasSubstr("p.yaml:2:39: \"a b\" is no uri"));
  EXPECT_EQ(told("{ whole: { X: resolved, Y: '' }, part: { X: refuted }, "
                 "free: { X: { to: z, system: urn:x } } }"),
            "");
}

TEST(OverlayTest, HoldsOnlyDifferences) {
  const auto loaded =
      load_library(files_with("  p: { resourceType: P, a: { $choice: id } }\n",
                              {{"lib.yaml",
                                "settings: { zone: '', x: '1' }\nchoices: { "
                                "id: PID-3 }\n"}}),
                   nullptr);
  std::vector<MapProblem> problems;
  const auto overlay =
      load_overlay({"p.yaml", "partner: a\nchoices: { id: PID-2 }\n"},
                   *loaded.library, problems);
  EXPECT_EQ(overlay.settings.size(), 2U);
  ASSERT_EQ(overlay.choices.size(), 1U);
  EXPECT_NE(overlay.choice(loaded.library->maps[0], overlay.choices[0].rule),
            nullptr);
  EXPECT_EQ(overlay.choice(loaded.library->maps[0], 999), nullptr);
  EXPECT_EQ(overlay.row(0, CodeTable(), "A").row, nullptr);
}

// A row of the partner's is found as one of the table is: in capitals or not,
// and "*" for what neither names.
TEST(OverlayTest, ARowOfThePartnersComesBeforeTheSameOfTheTable) {
  const auto loaded = load_library(
      files_with("  p: { resourceType: P, a: { $from: PID-8, $table: sex, "
                 "$onUnmapped: omit } }\n",
                 {{"tables/sex.csv", "from,to\nF,female\nM,male\n*,other\n"}}),
      nullptr);
  ASSERT_EQ(problems_of(loaded), "");
  std::vector<MapProblem> problems;
  const auto overlay = load_overlay(
      {"p.yaml", "partner: a\ntables: { sex: { F: frau, '*': rest } }\n"},
      *loaded.library, problems);
  ASSERT_TRUE(problems.empty());
  const auto to = [&](std::string_view code) {
    return overlay.row(0, loaded.library->tables[0], code).row->to;
  };
  EXPECT_EQ(to("F"), "frau");
  EXPECT_EQ(to("f"), "frau");
  EXPECT_EQ(to("m"), "male");
  EXPECT_EQ(to("X"), "rest");
}

}  // namespace
}  // namespace gateway::map
