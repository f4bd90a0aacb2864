#include "map/rule_runner.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

class RuleRunnerTest : public testing::Test {
 protected:
  // Runs the only resource of a map on a message with these segments.
  Done run(const std::string& members, const std::string& segments) {
    const auto loaded = load_library(
        files_with("  p:\n    resourceType: Patient\n" + members), nullptr);
    EXPECT_EQ(problems_of(loaded), "");
    library_ = loaded.library;
    const auto tree = referral(segments);
    const auto& map = library_->maps[0];
    MapRun run{.library = *library_,
               .map = map,
               .overlay = *library_->plain,
               .explain = true,
               .scopes = {tree.root()},
               .entries = Entries(map)};
    run.output.read.resize(tree.node_count(), false);
    const auto done =
        RuleRunner(run).execute(map.emissions[0].body, "resource");
    written_ = run.writer.text();
    silences_ = run.output.silences;
    readings_ = run.output.readings;
    return done;
  }

  SharedLibrary library_;
  std::string written_;
  std::vector<Silent> silences_;
  std::vector<std::vector<ByteSpan>> readings_;
};

TEST_F(RuleRunnerTest, WritesWhatItsRulesSay) {
  EXPECT_EQ(run("    name: PID-5.1\n", "PID|||7||Doe\r"), Done::written);
  EXPECT_EQ(written_, R"("resource":{"resourceType":"Patient","name":"Doe")"
                      "}");
  EXPECT_TRUE(readings_.empty());
}

TEST_F(RuleRunnerTest, WritesNothingWhereOnlyTextsOfTheMapAreLeft) {
  EXPECT_EQ(run("    name: PID-5.1\n    use: =x\n", "PID|||7\r"),
            Done::nothing);
  EXPECT_EQ(written_, "");
  ASSERT_FALSE(silences_.empty());
  EXPECT_EQ(silences_[0].why, Silence::missing);
}

TEST_F(RuleRunnerTest, RemembersWhatAComputedValueWasMadeFrom) {
  EXPECT_EQ(run("    name: \"PID-5.1 & PID-3\"\n", "PID|||7||Doe\r"),
            Done::written);
  ASSERT_EQ(readings_.size(), 1U);
  EXPECT_EQ(readings_[0].size(), 2U);
}

}  // namespace
}  // namespace gateway::map
