#include "map/map_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

struct Outcome {
  std::string resources;
  Verdict verdict;
  std::string findings;
  MapOutput output;
  SharedLibrary library;
};

Outcome mapped(const std::string& emit, const std::string& segments,
               std::vector<MapFile> others = {}) {
  const auto loaded = load_library(files_with(emit, std::move(others)), r4());
  EXPECT_EQ(problems_of(loaded), "");
  if (loaded.library == nullptr) return {};
  const auto tree = referral(segments);
  auto output = run(*loaded.library, loaded.library->maps[0], tree.root(),
                    {.overlay = nullptr, .explain = true});
  Outcome outcome{resources_of(output.bundle), output.verdict, "",
                  std::move(output), loaded.library};
  for (const auto& finding : outcome.output.outcome.findings()) {
    outcome.findings += finding.rule + " " + finding.expression + "\n";
  }
  return outcome;
}

class MapEngineTest : public testing::Test {
 protected:
  void SetUp() override {
    if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  }
};

// A component can be stood on; its parts are the subcomponents then.
TEST_F(MapEngineTest, StandsOnComponents) {
  const auto made = mapped(R"(  p:
    resourceType: Patient
    identifier:
      - $each: PID-3
        value: .1
        assigner:
          $from: .4
          display: .1
          identifier: { value: .2 }
)",
                           "PID|1||A^^^X&1.2&ISO~B^^^Y\r");
  EXPECT_EQ(made.verdict, Verdict::mapped);
  EXPECT_EQ(made.resources, R"({"resourceType":"Patient","identifier":[)"
                            R"({"value":"A","assigner":{"display":"X",)"
                            R"("identifier":{"value":"1.2"}}},)"
                            R"({"value":"B","assigner":{"display":"Y"}}]})"
                            "\n");
}

// An element of several types has one: the other is not dropped in silence.
TEST_F(MapEngineTest, HoldsWhatSaysAnElementTwice) {
  const std::string emit = R"(  p:
    resourceType: Patient
    deceasedDateTime: { $from: PID-29, $when: PID-29.exists() }
    deceasedBoolean: PID-30
)";
  const auto both =
      mapped(emit, "PID|||||||||||||||||||||||||||||20260401|Y\r");
  EXPECT_EQ(both.verdict, Verdict::correct);
  EXPECT_EQ(both.findings, "map/two-types PID-30\n");
  const auto one = mapped(emit, "PID||||||||||||||||||||||||||||||Y\r");
  EXPECT_EQ(one.verdict, Verdict::mapped);
  EXPECT_EQ(one.resources,
            "{\"resourceType\":\"Patient\",\"deceasedBoolean\":true}\n");
}

// Several fields that say the same give one entry, to which all refer; a
// reference prefers what stands on its own node.
TEST_F(MapEngineTest, EqualResourcesAreCreatedOnce) {
  const auto made = mapped(R"(  person:
    $each: all(PV1-7, PV1-8, PV1-9)
    resourceType: Practitioner
    $method: create
    identifier: [{ value: .1 }]
  visit:
    resourceType: CareTeam
    participant:
      - $each: PV1-9
        member: { $ref: person }
      - $each: PV1-8
        member: { $ref: person }
)",
                           "PV1||O|||||P1|P2|P1\r");
  EXPECT_EQ(made.resources,
            R"({"resourceType":"Practitioner","identifier":[{"value":"P1"}]})"
            "\n"
            R"({"resourceType":"Practitioner","identifier":[{"value":"P2"}]})"
            "\n"
            R"({"resourceType":"CareTeam","participant":[{"member":)"
            R"({"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"}},)"
            R"({"member":{"reference":)"
            R"("urn:uuid:00000000-0000-4000-8000-000000000002"}}]})"
            "\n");
}

TEST_F(MapEngineTest, WritesWhatTheMapSays) {
  const auto made =
      mapped(R"(  p:
    resourceType: Patient
    active: =true
    name:
      - family: PID-5.1
        given: [PID-5.2, PID-5.3]
    birthDate: PID-7
    multipleBirthInteger: PID-25
)",
             "PID|1||A||Doe^Ann||19800229|F|||||||||||||||||02\r");
  EXPECT_EQ(
      made.resources,
      R"({"resourceType":"Patient","active":true,"name":[{"family":"Doe",)"
      R"("given":["Ann"]}],"birthDate":"1980-02-29",)"
      R"("multipleBirthInteger":2})"
      "\n");
  EXPECT_EQ(made.verdict, Verdict::mapped);
}

TEST_F(MapEngineTest, WritesNothingEmpty) {
  const auto made = mapped(R"(  p:
    resourceType: Patient
    name:
      - use: =official
        family: PID-5.1
    telecom:
      - $each: PID-13
        value: .1
    maritalStatus:
      coding: [{ code: PID-16 }]
)",
                           "PID|1||A\r");
  EXPECT_EQ(made.resources, "");
  EXPECT_EQ(made.output.bundle,
            R"({"resourceType":"Bundle","type":"transaction","entry":[]})");
}

TEST_F(MapEngineTest, RepeatsOverNodes) {
  const auto made = mapped(R"(  p:
    resourceType: Patient
    identifier:
      - $each: PID-3
        $when: .5 != 'SS' or .5.empty()
        value: { $from: .1, $onMissing: skip }
        system: .4.2
)",
                           "PID|||A^^^X&urn:x~^^^~S^^^^SS~B\r");
  EXPECT_EQ(made.resources,
            R"({"resourceType":"Patient","identifier":[{"value":"A",)"
            R"("system":"urn:x"},{"value":"B"}]})"
            "\n");
}

TEST_F(MapEngineTest, RefersToWhatTheSameTurnGave) {
  const auto made = mapped(R"(  p: { resourceType: Patient, active: =true }
  i:
    $each: INSURANCE
    $emit:
      payer: { resourceType: Organization, name: { $from: IN1-4, $onMissing: skip } }
      coverage:
        resourceType: Coverage
        status: =active
        beneficiary: { $ref: p }
        payor: [{ $ref: payer, $onMissing: reject }]
  r:
    resourceType: ServiceRequest
    status: =active
    intent: =order
    subject: { $ref: p }
    insurance: [{ $ref: coverage }]
)",
                           "PID|||A\rIN1|1|||One\rIN1|2|||Two\r");
  EXPECT_THAT(
      made.resources,
      HasSubstr(
          R"("payor":[{"reference":"urn:uuid:00000000-0000-4000-8000-000000000002"}])"));
  EXPECT_THAT(
      made.resources,
      HasSubstr(
          R"("payor":[{"reference":"urn:uuid:00000000-0000-4000-8000-000000000004"}])"));
  EXPECT_THAT(
      made.resources,
      HasSubstr(
          R"("insurance":[{"reference":"urn:uuid:00000000-0000-4000-8000-000000000003"},)"
          R"({"reference":"urn:uuid:00000000-0000-4000-8000-000000000005"}])"));
}

const std::vector<MapFile> kSexes{{"tables/sex.csv", "from,to\nF,female\n"}};

TEST_F(MapEngineTest, EveryRemedyIsTyped) {
  struct Row {
    std::string rule;
    std::string segments;
    std::string resources;
    Verdict verdict;
    std::string findings;
  };
  const std::string nothing;
  const std::vector<Row> rows{
      {"gender: { $from: PID-8, $table: sex, $onUnmapped: correct }", "F",
       R"({"resourceType":"Patient","language":"A","gender":"female"})"
       "\n",
       Verdict::mapped, ""},
      {"gender: { $from: PID-8, $table: sex, $onUnmapped: correct }", "Q",
       R"({"resourceType":"Patient","language":"A"})"
       "\n",
       Verdict::correct, "map/unmapped PID-8\n"},
      {"gender: { $from: PID-8, $table: sex, $onUnmapped: reject }", "Q",
       "no JSON", Verdict::reject, "map/unmapped PID-8\n"},
      {"gender: { $from: PID-8, $table: sex, $onUnmapped: =unknown }", "Q",
       R"({"resourceType":"Patient","language":"A","gender":"unknown"})"
       "\n",
       Verdict::mapped, "map/passed PID-8\n"},
      {"gender: { $from: PID-8, $table: sex, $onUnmapped: omit }", "Q",
       R"({"resourceType":"Patient","language":"A"})"
       "\n",
       Verdict::mapped, "map/passed PID-8\n"},
      {"gender: { $from: PID-8, $table: sex, $onUnmapped: skip }", "Q", "",
       Verdict::mapped, "map/passed PID-8\n"},
      {"gender: { $from: PID-8, $table: sex, $onUnmapped: omit, $onMissing: "
       "{ correct: say it } }",
       "",
       R"({"resourceType":"Patient","language":"A"})"
       "\n",
       Verdict::correct, "map/missing PID-8\n"},
      {"birthDate: PID-8", "soon",
       R"({"resourceType":"Patient","language":"A"})"
       "\n",
       Verdict::correct, "map/invalid PID-8\n"},
      {"deceasedDateTime: PID-8", "202601010900",
       R"({"resourceType":"Patient","language":"A"})"
       "\n",
       Verdict::correct, "time/no-offset PID-8\n"},
      {"birthDate: { $from: PID-8, $onInvalid: reject }", "soon", "no JSON",
       Verdict::reject, "map/invalid PID-8\n"},
  };
  for (const auto& row : rows) {
    const auto made =
        mapped("  p:\n    resourceType: Patient\n    language: PID-3\n    " +
                   row.rule + "\n",
               "PID|||A|||||" + row.segments + "\r", kSexes);
    EXPECT_EQ(made.resources.substr(
                  0, std::max<std::size_t>(row.resources.size(), 7)),
              row.resources)
        << row.rule;
    EXPECT_EQ(made.verdict, row.verdict) << row.rule;
    EXPECT_EQ(made.findings, row.findings) << row.rule;
  }
}

TEST_F(MapEngineTest, StoresByBusinessKey) {
  const std::string body = R"(
    identifier:
      - value: { $from: PID-3.1, $onMissing: skip }
        system: =urn:a
)";
  const std::vector<std::pair<std::string, std::string>> rows{
      {"post", R"("request":{"method":"POST","url":"Patient"})"},
      {"create", R"("request":{"method":"POST","url":"Patient","ifNoneExist":)"
                 R"("identifier=urn%3Aa%7CA%5C%2C1"})"},
      {"update", R"("request":{"method":"PUT","url":)"
                 R"("Patient?identifier=urn%3Aa%7CA%5C%2C1"})"},
      {"iif(PID-3.exists(), 'update', 'post')", R"("method":"PUT")"},
  };
  for (const auto& [method, request] : rows) {
    const auto made =
        mapped("  p:\n    resourceType: Patient\n    $method: " + method + body,
               "PID|||A,1\r");
    EXPECT_THAT(made.output.bundle, HasSubstr(request));
  }
}

TEST_F(MapEngineTest, TracesEachValue) {
  const auto made = mapped(
      "  p:\n    resourceType: Patient\n    birthDate: PID-7\n"
      "    gender: =male\n",
      "PID|||A||||19800229\r");
  const auto& bundle = made.output.bundle;
  bool found = false;
  for (const auto& one : made.output.lineage) {
    const auto text = bundle.substr(one.begin, one.end - one.begin);
    if (text.find("birthDate") == std::string::npos) continue;
    found = true;
    EXPECT_EQ(text, R"("birthDate":"1980-02-29")");
    EXPECT_EQ(made.library->text_of(one.place), "m.yaml:8");
    EXPECT_EQ(one.source.end - one.source.begin, 8U);
  }
  EXPECT_TRUE(found);
}

TEST_F(MapEngineTest, PartnersDiffer) {
  const auto loaded = load_library(
      files_with(
          "  p:\n    resourceType: Patient\n    gender: { $choice: sex, "
          "$table: sex, $onUnmapped: correct }\n"
          "    deceasedDateTime: PID-29\n",
          {{"lib.yaml", "settings: { zone: '' }\nchoices: { sex: PID-8 }\n"},
           kSexes[0]}),
      r4());
  ASSERT_EQ(problems_of(loaded), "");
  std::vector<MapProblem> problems;
  const auto overlay = load_overlay(
      {"p.yaml",
       "partner: mercy\nsettings: { zone: America/Chicago }\n"
       "choices: { sex: PID-9 }\ntables: { sex: { W: female } }\n"},
      *loaded.library, problems);
  ASSERT_TRUE(problems.empty());
  std::string fields = "PID|||A||||||W";
  fields += std::string(20, '|') + "202601010900\r";
  const auto tree = referral(fields);
  const auto& map = loaded.library->maps[0];
  const auto plain = run(*loaded.library, map, tree.root());
  const auto theirs =
      run(*loaded.library, map, tree.root(), {.overlay = &overlay});
  EXPECT_EQ(plain.verdict, Verdict::correct);
  EXPECT_EQ(theirs.verdict, Verdict::mapped);
  EXPECT_EQ(resources_of(theirs.bundle),
            R"({"resourceType":"Patient","gender":"female",)"
            R"("deceasedDateTime":"2026-01-01T09:00:00-06:00"})"
            "\n");
}

TEST_F(MapEngineTest, MapsDocumentsToo) {
  const auto loaded = load_library(
      {{"m.yaml",
        "map: m\nversion: '1'\nsource: letter\nemit:\n  e:\n"
        "    resourceType: Patient\n    name:\n      - $each: people\n"
        "        family: last\n        given: [first & '!']\n"}},
      r4());
  ASSERT_EQ(problems_of(loaded), "");
  const auto document = JsonDocument::parse(
      R"({"people":[{"last":"Doe","first":"Ann"},{"last":"Poe"}]})");
  const auto made =
      run(*loaded.library, loaded.library->maps[0], document->root());
  EXPECT_EQ(resources_of(made.bundle),
            R"({"resourceType":"Patient","name":[{"family":"Doe",)"
            R"("given":["Ann!"]},{"family":"Poe","given":["!"]}]})"
            "\n");
}

constexpr const char* kCharges =
    "  charge:\n"
    "    $each: DG1\n"
    "    resourceType: Procedure\n"
    "    $method: iif(DG1-6 = 'CD', 'withdraw', 'post')\n"
    "    identifier: [{ value: DG1-3.1 }]\n"
    "    status: { $from: DG1-6, $table: charge, $onMissing: reject, "
    "$onUnmapped: reject }\n"
    "    subject: { display: PID-5.1, $onMissing: reject }\n"
    "    note: [{ text: { $from: DG1-4, $onMissing: skip } }]\n";

Outcome mapped_charges(const std::vector<std::string>& charges,
                       const std::string& number = "A") {
  std::string segments = "PID|1||||Doe\r";
  for (const auto& one : charges) {
    segments += "DG1|1||" + number + "|" + one + "\r";
  }
  return mapped(kCharges, segments,
                {{"tables/charge.csv",
                  "from,to\nCG,completed\nCD,entered-in-error\n"
                  "CR,entered-in-error\n"}});
}

TEST_F(MapEngineTest, ALaterCreditTakesAChargeBack) {
  const auto made = mapped_charges({"x||CG", "x||CD"});
  EXPECT_EQ(made.verdict, Verdict::mapped);
  EXPECT_EQ(made.findings, "map/taken-back DG1\n");
  EXPECT_THAT(made.resources, HasSubstr("entered-in-error"));
  EXPECT_THAT(made.resources, testing::Not(HasSubstr("completed")));
  ASSERT_EQ(made.output.amendments.size(), 1U);
  EXPECT_FALSE(made.output.amendments[0].posted);
}

// However often it was said, alike or not.
TEST_F(MapEngineTest, TheLastTakesAllBackThatStandsAgainstIt) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{"x||CG", "x||CG", "x||CD"}, "entered-in-error"},
      {{"x||CG", "y||CG", "x||CD"}, "entered-in-error"},
      {{"x||CD", "x||CD", "x||CG"}, "completed"}};
  for (const auto& [charges, status] : rows) {
    const auto made = mapped_charges(charges);
    EXPECT_EQ(made.verdict, Verdict::mapped);
    EXPECT_EQ(made.findings, "map/taken-back DG1\nmap/taken-back DG1\n");
    EXPECT_THAT(made.resources, HasSubstr("\"" + status + "\""));
    EXPECT_EQ(made.resources.find("Procedure"),
              made.resources.rfind("Procedure"));
  }
}

// The method asks for CD; what a table calls an error is one too.
TEST_F(MapEngineTest, WhatIsPostedAsAnErrorWithdraws) {
  const auto made = mapped_charges({"x||CG", "x||CR"});
  EXPECT_EQ(made.verdict, Verdict::mapped);
  EXPECT_EQ(made.findings, "map/taken-back DG1\n");
  EXPECT_THAT(made.output.bundle, HasSubstr("\"method\":\"PUT\""));
  const auto nameless = mapped_charges({"x||CR"}, "");
  EXPECT_EQ(nameless.verdict, Verdict::correct);
  EXPECT_EQ(nameless.findings, "map/missing DG1\n");
}

TEST_F(MapEngineTest, AChargeAfterItsCreditIsSentAnew) {
  const auto made = mapped_charges({"x||CG", "x||CD", "y||CG"});
  EXPECT_EQ(made.verdict, Verdict::mapped);
  EXPECT_EQ(made.findings, "map/taken-back DG1\nmap/taken-back DG1\n");
  EXPECT_THAT(made.resources, HasSubstr("completed"));
  EXPECT_THAT(made.resources, HasSubstr(R"("text":"y")"));
  ASSERT_EQ(made.output.amendments.size(), 1U);
  EXPECT_TRUE(made.output.amendments[0].posted);
  EXPECT_TRUE(made.output.amendments[0].is_anew);
  EXPECT_EQ(made.output.amendments[0].entry, 0U);
}

TEST_F(MapEngineTest, TwoChargesOfOneNumberAreNobodysToChooseFrom) {
  const auto made = mapped_charges({"x||CD", "y||CG", "z||CG"});
  EXPECT_EQ(made.verdict, Verdict::correct);
  EXPECT_EQ(made.findings, "map/taken-back DG1\nmap/repeated-key DG1\n");
}

}  // namespace
}  // namespace gateway::map
