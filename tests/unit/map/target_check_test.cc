#include "map/target_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

class TargetCheckTest : public testing::Test {
 protected:
  void SetUp() override {
    if (r4() == nullptr) GTEST_SKIP() << "no workgate.image is built";
  }
};

TEST_F(TargetCheckTest, FindsMembersOfChoices) {
  std::string problem;
  const Target patient{.type = r4()->find("Patient"), .path = "Patient"};
  const auto deceased =
      member_target(r4(), "deceasedBoolean", patient, problem);
  ASSERT_TRUE(deceased.has_value());
  EXPECT_EQ(r4()->name(deceased->type), "boolean");
  EXPECT_EQ(deceased->path, "Patient.deceasedBoolean");
  EXPECT_FALSE(member_target(r4(), "deceasedString", patient, problem));
  EXPECT_FALSE(problem.empty());
  const auto sibling = member_target(r4(), "_birthDate", patient, problem);
  EXPECT_EQ(r4()->name(sibling->type), "Element");
}

TEST_F(TargetCheckTest, ASegmentIsNoValue) {
  const auto problems = [](const std::string& value) {
    return problems_of(load_library(
        files_with(
            "  p:\n    resourceType: Patient\n    name:\n      - given: [" +
            value + "]\n"),
        r4()));
  };
  EXPECT_EQ(problems("PID-5.2"), "");
  EXPECT_NE(problems("PID").find("a segment is no value: name a field of it, "
                                 "as in PID-3"),
            std::string::npos);
  EXPECT_NE(problems("\"ORDER[1]\"").find("a group is no value"),
            std::string::npos);
  EXPECT_NE(problems("{ $each: NK1 }").find("a segment is no value"),
            std::string::npos);
}

TEST_F(TargetCheckTest, NamesWhatMayHaveBeenMeant) {
  std::string problem;
  const Target patient{.type = r4()->find("Patient"), .path = "Patient"};
  EXPECT_FALSE(member_target(r4(), "birthdate", patient, problem));
  EXPECT_NE(problem.find("did you mean birthDate?"), std::string::npos);
  EXPECT_FALSE(member_target(r4(), "deceased", patient, problem));
  EXPECT_NE(problem.find("did you mean deceasedBoolean or deceasedDateTime?"),
            std::string::npos)
      << problem;
  const auto names = resource_names(*r4());
  EXPECT_NE(std::find(names.begin(), names.end(), "Patient"), names.end());
  EXPECT_EQ(std::find(names.begin(), names.end(), "DomainResource"),
            names.end());
}

// What a map of an observation, whose status and code are required, is told.
std::string problems_with(const std::string& status, const std::string& code) {
  return problems_of(
      load_library(files_with("  o:\n    resourceType: Observation\n    " +
                                  status + "\n    " + code + "\n",
                              {{"tables/state.csv", "from,to\nF,final\nX,\n"},
                               {"tables/good.csv", "from,to\nF,final\n"}}),
                   r4()));
}

TEST_F(TargetCheckTest, RequiredElementsAreSurelyWritten) {
  const std::string code = "code: { text: =x }";
  for (const auto& [status, problem] :
       std::vector<std::pair<std::string, std::string>>{
           {"status: { $from: =final, $when: ORDER.OBX-11, $onMissing: reject "
            "}",
            "Observation.status is required, and $when may leave it out"},
           {"status: { $from: ORDER.OBX-11, $table: good, $onMissing: reject, "
            "$onUnmapped: omit }",
            "Observation.status is required, and $onUnmapped may leave it out"},
           {"status: { $from: ORDER.OBX-11, $table: good, $onMissing: reject, "
            "$onUnmapped: reject, $onInvalid: omit }",
            "Observation.status is required, and $onInvalid may leave it out"},
           {"status: { $from: ORDER.OBX-11, $table: state, $onMissing: reject, "
            "$onUnmapped: reject }",
            "tables/state.csv:3:3: a code that means nothing leaves "
            "Observation.status out, which is required"},
           {"status: { $from: ORDER.OBX-11, $table: good, $onUnmapped: reject, "
            "$onMissing: \"iif(ORDER.OBX-2, 'final')\" }",
            "Observation.status is required and may be empty"}}) {
    EXPECT_THAT(problems_with(status, code), testing::HasSubstr(problem))
        << status;
  }
  EXPECT_EQ(problems_with("status: { $from: ORDER.OBX-11, $table: good, "
                          "$onUnmapped: =final, $onMissing: \"iif(ORDER.OBX-2, "
                          "'final', 'amended')\" }",
                          code),
            "");
}

// The opposite of a.exists() is a.empty(); a = b has none.
TEST_F(TargetCheckTest, TakesTwoWritersOfOppositeConditions) {
  const std::string status = "status: =final";
  const auto coded = [](const std::string& first, const std::string& second) {
    return "code: { coding: [{ code: =x }], $when: " + first +
           " }\n    effectiveDateTime: ORDER.OBX-14\n    valueString: { $from: "
           "=a, "
           "$when: " +
           second + " }";
  };
  EXPECT_THAT(problems_with(
                  status, coded("ORDER.OBX-3.exists()", "ORDER.OBX-3.empty()")),
              testing::HasSubstr("Observation.code is required, and $when"));
  const auto link = [](const std::string& first, const std::string& second) {
    return problems_of(load_library(
        files_with("  p:\n    resourceType: MedicationStatement\n"
                   "    status: =active\n    subject: { display: =x }\n"
                   "    medicationReference: { display: =x, $when: " +
                   first +
                   " }\n    medicationCodeableConcept: { text: =x, $when: " +
                   second + " }\n"),
        r4()));
  };
  EXPECT_EQ(link("PID-5.exists()", "PID-5.empty()"), "");
  EXPECT_EQ(link("PID-5.empty()", "PID-5.exists()"), "");
  EXPECT_EQ(link("PID-5.exists()", "PID-5.exists().not()"), "");
  EXPECT_THAT(link("PID-5.1 = 'a'", "(PID-5.1 = 'a').not()"),
              testing::HasSubstr("medication is required, and $when"));
}

TEST_F(TargetCheckTest, MarksTheArmsOfAnElement) {
  Rule object;
  object.members.resize(4);
  object.members[0].member = "birthDate";
  object.members[1].member = "deceasedBoolean";
  object.members[2].member = "multipleBirthInteger";
  object.members[3].member = "deceasedDateTime";
  object.members[3].when = Expression::literal("x");
  std::vector<MapProblem> problems;
  const Target patient{.type = r4()->find("Patient"), .path = "Patient"};
  mark_arms(*r4(), object, patient, "f:1:1", problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(object.members[0].arm, 0);
  EXPECT_NE(object.members[1].arm, 0);
  EXPECT_EQ(object.members[2].arm, 0);
  EXPECT_EQ(object.members[3].arm, object.members[1].arm);
  object.members[3].when = {};
  object.members[1].arm = 0;
  mark_arms(*r4(), object, patient, "f:1:1", problems);
  EXPECT_EQ(problems.size(), 1U);
}

}  // namespace
}  // namespace gateway::map
