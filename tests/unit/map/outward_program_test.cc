#include "map/outward_program.h"

#include <gtest/gtest.h>

#include "map/outward.h"
#include "unit/map/outward_library.h"

namespace gateway::map {
namespace {

const char* const kHead =
    R"({"resourceType":"Encounter","id":"e1",)"
    R"("identifier":[{"value":"encounter|r|d"}],"status":"finished")";

struct Row {
  const char* name;
  const char* lines;  // of the map
  const char* body;   // behind the head
};

class OutwardProgramTest : public testing::TestWithParam<Row> {};

// The program writes what the engine writes.
TEST_P(OutwardProgramTest, WritesWhatTheMapSays) {
  const auto loaded = load_map_set(
      visit_files(GetParam().lines,
                  {{"settings.yaml", "settings: { facility: F-1 }\n"},
                   {"tables/place.csv", "from,to\n11,office\n12,\n"}}),
      {}, nullptr);
  ASSERT_NE(loaded.set, nullptr) << text_of(loaded.problems);
  const auto* map = loaded.set->library->for_document(kVisit);
  ASSERT_NE(map->program, nullptr);
  const auto visit = sample_visit();
  const auto body = map->program->run(visit, loaded.set->overlay(""),
                                      loaded.set->library->tables);
  EXPECT_EQ(body, std::string(kHead) + GetParam().body + "}");
  const auto proof = prove(*loaded.set, visit, "");
  ASSERT_TRUE(proof.ok());
  const auto bundle = JsonDocument::parse(proof->output.bundle);
  ASSERT_TRUE(bundle.ok());
  EXPECT_EQ(body, bundle->root().get("entry").first().get("resource").raw());
}

const Row kRows[] = {
    {"Texts", "    class: { system: =urn:s, code: =AMB }\n",
     R"(,"class":{"system":"urn:s","code":"AMB"})"},
    {"Fields", "    subject: { reference: patient }\n",
     R"(,"subject":{"reference":"Patient/1"})"},
    {"Numbers", "    length: { value: minutes, unit: =min }\n",
     R"(,"length":{"value":180,"unit":"min"})"},
    {"NothingWithoutValue",
     "    serviceProvider: { reference: provider, display: =Clinic }\n", ""},
    {"NothingWithin",
     "    location:\n      - location: { reference: location }\n"
     "        status: =active\n",
     ""},
    {"Each",
     "    participant:\n      - $each: performers\n        individual:\n"
     "          reference: actor\n",
     R"(,"participant":[{"individual":{"reference":"Practitioner/1"}},)"
     R"({"individual":{"reference":"Practitioner/2"}}])"},
    {"EachWhen",
     "    participant:\n      - $each: performers\n"
     "        $when: actor = 'Practitioner/2'\n        individual:\n"
     "          reference: actor\n",
     R"(,"participant":[{"individual":{"reference":"Practitioner/2"}}])"},
    {"Skip",
     "    hospitalization:\n      origin:\n"
     "        reference: { $from: provider, $onMissing: skip }\n"
     "        display: patient\n      preAdmissionIdentifier:\n"
     "        value: key\n",
     R"(,"hospitalization":{"preAdmissionIdentifier":)"
     R"({"value":"encounter|r|d"}})"},
    {"SkipFurther",
     "    hospitalization:\n      origin:\n        $onMissing: skip\n"
     "        reference: { $from: provider, $onMissing: skip }\n"
     "      preAdmissionIdentifier:\n        value: key\n",
     ""},
    {"Instead",
     "    serviceProvider:\n"
     "      reference: { $from: provider, $onMissing: =Organization/0 }\n",
     R"(,"serviceProvider":{"reference":"Organization/0"})"},
    {"Table",
     "    priority:\n      text: { $from: placeOfService, $table: place, "
     "$onUnmapped: omit }\n",
     R"(,"priority":{"text":"office"})"},
    {"TableWithoutRow",
     "    priority:\n      text: { $from: program, $table: place, "
     "$onUnmapped: =other }\n",
     R"(,"priority":{"text":"other"})"},
    {"Setting", "    priority: { text: '%facility' }\n",
     R"(,"priority":{"text":"F-1"})"},
    {"SettingWithin", "    priority: { text: base & '/' & %facility }\n",
     R"(,"priority":{"text":"https://x/F-1"})"},
    {"OneOfTwo",
     "    subject:\n      reference: provider\n      extension:\n"
     "        - url: =urn:absent\n"
     "          valueCode: iif(provider.empty(), 'unknown')\n",
     R"(,"subject":{"extension":[{"url":"urn:absent","valueCode":"unknown"}]})"},
};
INSTANTIATE_TEST_SUITE_P(Rows, OutwardProgramTest, testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

TEST(OutwardProgramTest, LeavesFhirPathToTheEngine) {
  const auto loaded = load_map_set(
      visit_files(
          "    class: { system: =urn:s, code: =AMB }\n"
          "    length: { value: performers.count(), unit: =persons }\n"),
      {}, r4());
  ASSERT_NE(loaded.set, nullptr) << text_of(loaded.problems);
  EXPECT_EQ(loaded.set->library->for_document(kVisit)->program, nullptr);
  const auto body = emit(*loaded.set, sample_visit(), "");
  ASSERT_TRUE(body.ok()) << body.error().message;
  EXPECT_NE(body->find(R"("length":{"value":2,"unit":"persons"})"),
            std::string::npos)
      << *body;
}

}  // namespace
}  // namespace gateway::map
