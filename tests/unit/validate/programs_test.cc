#include "validate/programs.h"

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

TEST(ProgramsTest, ThreadsShareOneProgram) {
  const auto definitions = core();
  const Programs programs(*definitions);
  const auto& row = definitions->constraints[0];
  std::vector<const fhirpath::Expression*> seen(8);
  std::vector<std::thread> threads;
  for (auto& place : seen) {
    threads.emplace_back([&] { place = programs.of(row); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto* place : seen) EXPECT_EQ(place, seen[0]);
}

}  // namespace
}  // namespace gateway::validate
