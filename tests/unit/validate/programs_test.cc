#include "validate/programs.h"

#include <map>
#include <string>
#include <thread>

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

// What the official definitions and ours state can be evaluated.
TEST(ProgramsTest, EveryInvariantCompiles) {
  const auto definitions = core();
  const Programs programs(*definitions);
  for (std::uint32_t i = 0; i < definitions->constraints.size(); ++i) {
    const auto& row = definitions->constraints[i];
    EXPECT_NE(programs.of(row), nullptr) << definitions->text(row.expression);
  }
}

// The rules that every resource must keep are told by a look, and what they
// say otherwise is up to their expressions.
TEST(ProgramsTest, RulesAboutContainedResourcesHaveAShortcut) {
  const auto definitions = core();
  const Programs programs(*definitions);
  const auto& shape =
      definitions->shapes[definitions->type_named("DomainResource")];
  std::map<std::string, Shortcut> found;
  for (const auto& row : definitions->constraints.of(shape.constraints)) {
    found[std::string(definitions->text(row.key))] = programs.of(row)->shortcut;
  }
  EXPECT_EQ(found["dom-2"], Shortcut::nothing_contained);
  EXPECT_EQ(found["dom-3"], Shortcut::all_referred_to);
  EXPECT_EQ(found["dom-4"], Shortcut::nothing_contained);
  EXPECT_EQ(found["dom-5"], Shortcut::nothing_contained);
  EXPECT_EQ(found["dom-6"], Shortcut::narrated);
}

TEST(ProgramsTest, ThreadsShareOneProgram) {
  const auto definitions = core();
  const Programs programs(*definitions);
  const auto& row = definitions->constraints[0];
  std::vector<const Programs::Program*> seen(8);
  std::vector<std::thread> threads;
  for (auto& place : seen) {
    threads.emplace_back([&] { place = programs.of(row); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto* place : seen) EXPECT_EQ(place, seen[0]);
}

}  // namespace
}  // namespace gateway::validate
