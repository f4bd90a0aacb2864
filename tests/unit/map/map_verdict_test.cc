#include "map/map_verdict.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

MapOutput mapped(const std::string& remedy) {
  const auto loaded = load_library(
      files_with("  p:\n    resourceType: P\n    a: { $from: PID-8, $table: t, "
                 "$onUnmapped: " +
                     remedy + " }\n    b: PID-7\n",
                 {{"tables/t.csv", "from,to\nF,f\n"}}),
      nullptr);
  EXPECT_EQ(problems_of(loaded), "");
  const auto tree = referral("PID|||1||||20260401|X\r");
  return run(*loaded.library, loaded.library->maps[0], tree.root());
}

TEST(MapVerdictTest, SaysWhatBecomesOfTheMessage) {
  EXPECT_EQ(mapped("reject").verdict, Verdict::reject);
  const auto held = mapped("correct");
  EXPECT_EQ(held.verdict, Verdict::correct);
  EXPECT_TRUE(held.waits_for_rows());
  EXPECT_EQ(mapped("omit").verdict, Verdict::mapped);
}

TEST(MapVerdictTest, TellsWhyAnElementIsLeftOut) {
  const auto output = mapped("{ omit: none of ours }");
  EXPECT_EQ(output.verdict, Verdict::mapped);
  ASSERT_EQ(output.outcome.findings().size(), 1U);
  const auto& finding = output.outcome.findings().front();
  EXPECT_EQ(finding.rule, "map/passed");
  EXPECT_EQ(finding.severity, fhir::Severity::information);
  EXPECT_EQ(finding.expression, "PID-8");
  EXPECT_EQ(finding.text, "none of ours");
  EXPECT_EQ(output.stopping(), 0U);
}

}  // namespace
}  // namespace gateway::map
