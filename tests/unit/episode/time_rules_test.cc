#include "episode/time_rules.h"

#include <gtest/gtest.h>

namespace gateway::episode {
namespace {

std::string findings(const char* text) {
  const auto document = parse_shared(text);
  std::string all;
  const auto outcome = time_findings((*document)->root());
  for (const auto& one : outcome.findings()) {
    all += one.rule + " " + one.expression + ";";
  }
  return all;
}

TEST(TimeRulesTest, AnInstantNeedsItsOffset) {
  EXPECT_EQ(findings(R"({"resourceType":"Procedure","performedPeriod":{)"
                     R"("start":"2026-04-06T08:00:00",)"
                     R"("end":"2026-04-06T10:00:00Z"}})"),
            "time/no-offset Procedure.performedPeriod.start;");
}

TEST(TimeRulesTest, APeriodDoesNotEndBeforeItBegins) {
  EXPECT_EQ(findings(R"({"resourceType":"Encounter","period":{)"
                     R"("start":"2026-04-06T08:00:00-05:00",)"
                     R"("end":"2026-04-06T12:59:59Z"}})"),
            "time/negative Encounter.period;");
  EXPECT_EQ(findings(R"({"resourceType":"X","period":{"start":"2026-04-06",)"
                     R"("end":"2026-04-05"}})"),
            "time/negative X.period;");
}

TEST(TimeRulesTest, DatesAndGoodTimesPass) {
  EXPECT_EQ(findings(R"({"resourceType":"Procedure","performedPeriod":{)"
                     R"("start":"2026-04-06T08:00:00-05:00",)"
                     R"("end":"2026-04-06T08:00:00-05:00"},)"
                     R"("note":[{"text":"2026-04-06T08:00:00"}]})"),
            "");
}

}  // namespace
}  // namespace gateway::episode
