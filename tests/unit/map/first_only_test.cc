#include "map/first_only.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "PID-5: 1 more" for each finding of what the engine makes of `segments`.
std::vector<std::string> told(const std::string& emit,
                              const std::string& segments,
                              const std::string& rule = "map/first-only") {
  const auto loaded = load_library(
      files_with(emit, {{"tables/sex.csv", "from,to\nF,female\n"}}), nullptr);
  EXPECT_EQ(problems_of(loaded), "");
  if (loaded.library == nullptr) return {};
  const auto tree = referral(segments);
  const auto output =
      run(*loaded.library, loaded.library->maps[0], tree.root());
  EXPECT_EQ(output.verdict, Verdict::mapped);
  EXPECT_EQ(output.stopping(), 0U);
  std::vector<std::string> all;
  for (const auto& one : output.outcome.findings()) {
    EXPECT_EQ(one.rule, rule);
    EXPECT_TRUE(one.span && one.span->end > one.span->begin);
    all.push_back(one.expression + ": " + one.seen);
  }
  return all;
}

constexpr const char* kName = "  p:\n    resourceType: P\n    a: PID-5.1\n";
constexpr const char* kNames =
    "  p:\n    resourceType: P\n    l:\n      - { $each: PID-5, a: .1 }\n";
constexpr const char* kNote = "  p:\n    resourceType: P\n    a: NTE-3\n";

TEST(FirstOnlyTest, TellsRepetitionsThatAnElementDoesNotTake) {
  EXPECT_THAT(told(kName, "PID|1||||Doe^Janet~Poe^Ann~Roe\r"),
              ElementsAre("PID-5: 2 more"));
  EXPECT_THAT(told(kNames, "PID|1||||Doe^Janet~Poe^Ann~Roe\r"), IsEmpty());
}

// A value that is taken in the place of an unknown code is never taken in
// silence; the code may arrive by another line, or as part of that value.
TEST(FirstOnlyTest, TellsCodesThatNoRowKnows) {
  const auto unknown = [](const std::string& instead,
                          const std::string& more = "") {
    return told(
        "  p:\n    resourceType: P\n    a: { $from: PID-8, $table: sex, "
        "$onUnmapped: " +
            instead + " }\n" + more,
        "PID|1||||Doe|||Q\r", "map/passed");
  };
  EXPECT_THAT(unknown("=other"), ElementsAre("PID-8: "));
  EXPECT_THAT(unknown("omit"), ElementsAre("PID-8: "));
  EXPECT_THAT(unknown("omit", "    b: PID-8\n"), IsEmpty());
  EXPECT_THAT(unknown("\"PID-8 & '?'\""), IsEmpty());
}

// Many that are passed over cost no more than their number.
TEST(FirstOnlyTest, ALongMessageIsWalkedOnce) {
  std::string segments = "PID|1||||Doe\r";
  for (int i = 0; i < 5'000; ++i)
    segments += "NTE|1||n" + std::to_string(i) + "\r";
  EXPECT_THAT(told(kNote, segments), ElementsAre("NTE-3: 4999 more"));
}

// Where the branch that is taken does not join, the rest is left out.
TEST(FirstOnlyTest, TellsWhatAnotherBranchWouldJoin) {
  const auto with = [](const std::string& sex) {
    return told(
        "  p:\n    resourceType: P\n"
        "    a: \"iif(PID-8 = 'F', PID-5.1.join(' and '), PID-5.1.first())\"\n",
        "PID|1||||Doe~Poe|||" + sex + "\r");
  };
  EXPECT_THAT(with("F"), IsEmpty());
  EXPECT_THAT(with("M"), ElementsAre("PID-5: 1 more"));
}

TEST(FirstOnlyTest, SaysNothingOfWhatNobodyReads) {
  EXPECT_THAT(told(kName, "PID|1||1~2||Doe\r"), IsEmpty());
  EXPECT_THAT(told(kName, "PID|1||||Doe~^Ann\r"), IsEmpty());
}

TEST(FirstOnlyTest, SaysNothingOfWhatIsEmptyOrTheSameAgain) {
  EXPECT_THAT(told(kName, "PID|1||||Doe^Janet~Doe^Janet~\"\"\r"), IsEmpty());
}

TEST(FirstOnlyTest, TellsSegmentsAfterTheFirst) {
  EXPECT_THAT(told(kNote, "PID|1||||Doe\rNTE|1||one\rNTE|2||two\rNTE|3||x\r"),
              ElementsAre("NTE-3: 2 more"));
}

// An equal resource is written once: all that says it arrived.
TEST(FirstOnlyTest, SaysNothingOfWhatIsCreatedOnce) {
  constexpr const char* kPractitioners =
      "  a:\n    $each: DG1\n    resourceType: P\n    $method: create\n"
      "    identifier:\n      - value: DG1-3.1\n    n: DG1-4\n";
  EXPECT_THAT(told(kPractitioners,
                   "PID|1||||Doe\rDG1|1||A|x\rDG1|2||B|y\rDG1|3||B|y\r"),
              IsEmpty());
}

TEST(FirstOnlyTest, TellsTheSecondUpdateOfOneKey) {
  constexpr const char* kUpdates =
      "  a:\n    $each: DG1\n    resourceType: P\n    $method: update\n"
      "    identifier:\n      - value: DG1-3.1\n    n: DG1-4\n";
  EXPECT_THAT(
      told(kUpdates, "PID|1||||Doe\rDG1|1||A|x\rDG1|2||A|y\rDG1|3||B|z\r"),
      ElementsAre("DG1: 1 more"));
}

// Of an order there is one of each number: two are nobody's to choose from.
TEST(FirstOnlyTest, HoldsTwoOrdersOfOneNumber) {
  const auto loaded = load_library(
      files_with("  a:\n    $each: DG1\n    resourceType: ServiceRequest\n"
                 "    identifier:\n      - value: DG1-3.1\n    n: DG1-4\n"),
      nullptr);
  ASSERT_EQ(problems_of(loaded), "");
  const auto tree = referral("PID|1||||Doe\rDG1|1||A|x\rDG1|2||A|y\r");
  const auto output =
      run(*loaded.library, loaded.library->maps[0], tree.root());
  EXPECT_EQ(output.verdict, Verdict::correct);
  EXPECT_FALSE(output.waits_for_rows());
  ASSERT_EQ(output.outcome.findings().size(), 1U);
  EXPECT_EQ(output.outcome.findings()[0].rule, "map/repeated-key");
  EXPECT_EQ(output.outcome.findings()[0].expression, "DG1");
}

// What a map passes over as a whole is none of ours.
TEST(FirstOnlyTest, SaysNothingOfGroupsThatArePassedOver) {
  constexpr const char* kGroup =
      "  g:\n    $each: DG1\n    $when: DG1-6 != 'X'\n    $emit:\n"
      "      a:\n        resourceType: P\n        n: DG1-4\n";
  EXPECT_THAT(told(kGroup, "PID|1||||Doe\rDG1|1||A|x||W\rDG1|2||B|y||X\r"),
              IsEmpty());
}

}  // namespace
}  // namespace gateway::map
