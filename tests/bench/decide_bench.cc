// The cost of deciding a case after one more session, on episodes of 40 and of
// 1,000 sessions, and of replaying a history. Times are printed, not asserted.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "billing/decide.h"
#include "billing/reconcile.h"
#include "folders.h"
#include "program/load.h"

namespace gateway::billing {
namespace {

using Clock = std::chrono::steady_clock;

std::string session(int number) {
  const auto start =
      *parse_instant("2026-04-06T13:00:00Z") + std::chrono::days(number);
  return R"({"resourceType":"Procedure","id":"s)" + std::to_string(number) +
         R"(","identifier":[{"system":"u","value":")" + std::to_string(number) +
         R"("}],"basedOn":[{"reference":"ServiceRequest/r"}],)"
         R"("status":"completed","subject":{"reference":"Patient/p"},)"
         R"("performedPeriod":{"start":")" +
         utc_text(start) + R"(","end":")" +
         utc_text(start + std::chrono::hours(3)) + R"("}})";
}

void apply(episode::Case& facts, const std::string& key,
           const std::string& text) {
  const auto document = parse_shared(text);
  facts.apply((*document)->root(), {key, 1, Instant()});
}

episode::Case episode_of(int sessions) {
  episode::Case facts;
  apply(facts, "Patient/p", R"({"resourceType":"Patient"})");
  apply(facts, "ServiceRequest/r",
        R"({"resourceType":"ServiceRequest","status":"active",)"
        R"("subject":{"reference":"Patient/p"},"code":{"coding":[{"system":)"
        R"("https://workgate.example/fhir/CodeSystem/program",)"
        R"("code":"work-conditioning"}]}})");
  for (int i = 0; i < sessions; ++i) {
    apply(facts, "Procedure/s" + std::to_string(i), session(i));
  }
  return facts;
}

double median_of_decisions(int sessions, const program::Programs& programs) {
  const auto now = *parse_instant("2030-01-01T00:00:00Z");
  auto facts = episode_of(sessions);
  std::vector<double> times;
  for (int i = 0; i < 31; ++i) {
    const auto text = session(sessions + i);
    const auto document = parse_shared(text);
    const auto begin = Clock::now();
    facts.apply((*document)->root(),
                {"Procedure/s" + std::to_string(sessions + i), 1, Instant()});
    const auto plan = decide(facts, programs, now);
    const std::chrono::duration<double, std::micro> took = Clock::now() - begin;
    times.push_back(plan.visits.empty() ? 0 : took.count());
  }
  std::nth_element(times.begin(), times.begin() + 15, times.end());
  return times[15];
}

int run() {
  const auto programs = program::load_programs(
      std::string(GATEWAY_SOURCE_DIR) + "/config/policies", {});
  if (!programs) {
    std::fprintf(stderr, "%s\n", programs.error().message.c_str());
    return 1;
  }
  const auto small = median_of_decisions(40, *programs);
  const auto large = median_of_decisions(1000, *programs);
  std::printf(
      "one more session, whole case decided: 40 sessions %.1f us, "
      "1,000 sessions %.1f us, ratio %.2f\n",
      small, large, large / small);
  return 0;
}

}  // namespace
}  // namespace gateway::billing

int main() { return gateway::billing::run(); }
