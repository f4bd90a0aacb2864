#include "map/map_trace.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

struct Traced {
  SharedLibrary library;
  JsonDocument tree;
  MapOutput output;
};

Traced traced() {
  auto loaded = load_library(
      files_with(
          "  p:\n    resourceType: Patient\n    birthDate: PID-7\n"
          "    name:\n      - $each: PID-5\n        family: .1\n"
          "    gender: =male\n    address:\n      - $when: PID-11 = 'x'\n"
          "        city: PID-11.3\n"),
      nullptr);
  auto tree = referral("PID|||A||Doe^Ann~Poe\r");
  auto output = run(*loaded.library, loaded.library->maps[0], tree.root(),
                    {.overlay = nullptr, .explain = true});
  return {loaded.library, std::move(tree), std::move(output)};
}

TEST(MapTraceTest, LeadsFromTheResultToMessageAndMap) {
  const auto made = traced();
  const auto lines =
      trace(*made.library, made.output, made.tree.root(), "Patient.name");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].result, "Patient.name[1].family");
  EXPECT_EQ(lines[1].value, "\"Poe\"");
  EXPECT_EQ(lines[1].source, "PID-5[2]");
  EXPECT_EQ(lines[1].rule, "m.yaml:11");
  const auto& text = made.tree.source();
  EXPECT_EQ(text.substr(lines[1].bytes.begin, 3), "Poe");
  EXPECT_EQ(trace(*made.library, made.output, made.tree.root(),
                  "Patient.name[0].family")
                .size(),
            1U);
  EXPECT_EQ(
      trace(*made.library, made.output, made.tree.root(), "Patient.gender")[0]
          .source,
      "");
}

TEST(MapTraceTest, NamesTheFieldsOfLaterSegments) {
  const auto loaded =
      load_library(files_with("  p:\n    $each: DG1\n    $use: Condition\n",
                              {{"c.yaml",
                                "parts:\n  Condition:\n"
                                "    resourceType: Condition\n"
                                "    code: DG1-3.1\n"
                                "    note: \"DG1-4 & ', ' & DG1-6\"\n"}}),
                   nullptr);
  ASSERT_EQ(problems_of(loaded), "");
  const auto tree = referral("PID|1\rDG1|1||a|A||1\rDG1|2||b|B||2\r");
  const auto output = run(*loaded.library, loaded.library->maps[0], tree.root(),
                          {.overlay = nullptr, .explain = true});
  std::string all;
  for (const auto& line : trace(*loaded.library, output, tree.root())) {
    all += line.value + " " + line.source;
    for (const auto& read : line.reads) all += ", " + read.source;
    all += "\n";
  }
  EXPECT_EQ(all,
            "\"a\" DG1-3\n\"A, 1\" DG1-4, DG1-6\n"
            "\"b\" DG1-3\n\"B, 2\" DG1-4, DG1-6\n");
}

TEST(MapTraceTest, SaysWhyNot) {
  const auto made = traced();
  const auto lines = why_not(*made.library, made.library->maps[0], made.output,
                             made.tree.root(), "Patient.birthDate");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].text, "PID-7 has no value");
  EXPECT_EQ(lines[0].rule, "m.yaml:8:16");
  const auto condition =
      why_not(*made.library, made.library->maps[0], made.output,
              made.tree.root(), "Patient.address.city");
  ASSERT_EQ(condition.size(), 1U);
  EXPECT_EQ(condition[0].text, "its condition does not hold: PID-11 = 'x'");
}

// Whatever a computed value depends on, with conditions and added minutes.
TEST(MapTraceTest, NamesAllThatAComputedValueIsMadeFrom) {
  const auto loaded =
      load_library(files_with("  p:\n    resourceType: Patient\n"
                              "    name: \"PID-5.1 & ', ' & PID-5.2\"\n"
                              "    sex: iif(PID-8 = 'F', 'female', PID-9)\n"
                              "    id: PID-3\n"),
                   nullptr);
  ASSERT_EQ(problems_of(loaded), "");
  const auto tree = referral("PID|||7||Doe^Ann|||F\r");
  const auto output = run(*loaded.library, loaded.library->maps[0], tree.root(),
                          {.overlay = nullptr, .explain = true});
  std::string all;
  for (const auto& line : trace(*loaded.library, output, tree.root())) {
    all += line.result + " = " + line.value + " <" + line.source + ">";
    for (const auto& read : line.reads) {
      all += " " + read.source + " " +
             std::to_string(read.bytes.end - read.bytes.begin);
    }
    all += "\n";
  }
  EXPECT_EQ(all,
            "Patient.name = \"Doe, Ann\" <PID-5.1> PID-5.2 3\n"
            "Patient.sex = \"female\" <PID-8>\n"
            "Patient.id = \"7\" <PID-3>\n");
}

// Of a list one item is there and another not: both are said.
TEST(MapTraceTest, SaysWhatWasWrittenBesideWhatWasNot) {
  const auto loaded =
      load_library(files_with("  p:\n    resourceType: Patient\n    name:\n"
                              "      - { $each: PID-5, family: .1 }\n"
                              "      - { $each: PID-9, family: .1 }\n"),
                   nullptr);
  ASSERT_NE(loaded.library, nullptr);
  const auto& map = loaded.library->maps[0];
  const auto tree = referral("PID|||||Doe\r");
  const auto output = run(*loaded.library, map, tree.root(),
                          {.overlay = nullptr, .explain = true});
  std::string all;
  for (const auto& line :
       why_not(*loaded.library, map, output, tree.root(), "Patient.name")) {
    all += line.path + ": " + line.text + " (" + line.rule + ")\n";
  }
  EXPECT_EQ(all,
            "Patient.name[0].family: it was written: \"Doe\" (m.yaml:9)\n"
            "Patient.name: PID-9 has no value (m.yaml:10:9)\n");
}

TEST(MapTraceTest, AnswersWhereNoRuleWasSilent) {
  const auto made = traced();
  const auto why = [&](std::string_view path) {
    const auto lines = why_not(*made.library, made.library->maps[0],
                               made.output, made.tree.root(), path);
    return lines.size() == 1 ? lines[0].path + ": " + lines[0].text : "";
  };
  EXPECT_EQ(why("Patient.gender"), "Patient.gender: it was written: \"male\"");
  EXPECT_EQ(why("Patient.gendre"),
            "Patient.gendre: no rule of the map writes it; did you mean "
            "Patient.gender?");
  EXPECT_EQ(why("Coverage"), "Coverage: no rule of the map writes it");
}

}  // namespace
}  // namespace gateway::map
