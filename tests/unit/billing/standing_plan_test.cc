// The law of the plan that follows: after every event it is what decide()
// makes of the same facts, and what it asks to be written is, byte for byte,
// what the whole plan asks for.

#include "billing/standing_plan.h"

#include <gtest/gtest.h>

#include "unit/billing/case_events.h"
#include "unit/billing/followed.h"

namespace gateway::billing {
namespace {

constexpr unsigned kHistories = 500;  // of each site

struct SiteKind {
  const char* name;
  program::Site site;
  const char* program = "work-conditioning";
};

program::Site overridden(
    const std::vector<std::pair<std::string, std::string>>& knobs) {
  auto site = demo_site();
  for (const auto& [knob, value] : knobs) {
    site.overrides["clinic-work-conditioning"][knob] = value;
  }
  return site;
}

program::Site escalating() {
  auto site = overridden({{"retroAuthAllowed", "true"}});
  site.escalation = program::Escalation{.after_business_days = 2,
                                        .lead = "lead",
                                        .name = "The lead",
                                        .source = "site"};
  return site;
}

// Each tardy day and each absence of a program that counts them.
program::Site strict() {
  auto site = demo_site();
  site.overrides["optum-481-work-hardening"] = {{"tardiesPerAbsence", "1"},
                                                {"unexcusedMax", "1"}};
  return site;
}

class StandingPlanTest : public testing::TestWithParam<SiteKind> {
 protected:
  StandingPlanTest() : programs_(shipped_programs(GetParam().site)) {}

  // The intake of a case: most episodes have begun, since a first date decides
  // the whole.
  void begin(CaseEvents& events, Followed& followed) {
    for (const auto& party : party_jsons()) followed.apply(party, now_);
    followed.apply(
        "{'resourceType':'Location','id':'l2','extension':[{'url':"
        "'https://workgate.example/fhir/StructureDefinition/timezone',"
        "'valueCode':'America/Los_Angeles'}],'managingOrganization':{"
        "'reference':'Organization/clinic'}}",
        now_);
    followed.apply(events.about(order_json({})), now_);
    if (!events.chance(4)) followed.apply(events.grant(0), now_);
    if (events.chance(4)) return;
    followed.apply(events.about(order_json({.id = "r2"})), now_);
    followed.apply(
        events.about(session_json({.id = "first",
                                   .start = "2026-03-02T08:00:00-06:00",
                                   .end = "2026-03-02T11:00:00-06:00"})),
        now_);
    if (!events.chance(3)) return;
    // A plateau: whoever asks for more is asked why.
    followed.apply(events.measure(0, 60), now_);
    followed.apply(events.measure(1, 55), now_);
  }

  // Lets time pass: some hours, or just until something changes.
  void wait(CaseEvents& events, const Followed& followed) {
    if (events.chance(3)) now_ += std::chrono::hours(events.pick(30));
    const auto next = followed.standing().next_change();
    if (next && events.chance(6)) now_ = std::max(now_, *next);
  }

  static void pull_some(CaseEvents& events, Followed& followed) {
    std::vector<std::string> claims;
    for (const auto& [key, one] : followed.facts().emitted()) {
      if (one.type == "Claim" && one.status == "active") claims.push_back(key);
    }
    for (const auto& claim : claims) {
      if (events.chance(2)) followed.pull(claim);
    }
  }

  program::Programs programs_;
  Instant now_{};
};

TEST_P(StandingPlanTest, IsWhatTheWholeWouldBeAfterEveryEvent) {
  int steps = 0, wholes = 0, changed = 0;
  for (unsigned seed = 0; seed < kHistories; ++seed) {
    CaseEvents events(seed, GetParam().program);
    Followed followed(programs_);
    now_ = *parse_instant("2026-03-10T12:00:00Z");
    begin(events, followed);
    const int count = 4 + events.pick(14);
    for (int i = 0; i < count; ++i) {
      if (!events.chance(8)) {
        followed.apply(events.next(followed.facts()), now_);
      }
      if (events.chance(6)) {
        followed.apply(events.next(followed.facts()), now_);
      }
      wait(events, followed);
      if (events.chance(8)) pull_some(events, followed);
      const auto wrong = followed.step(now_);
      ASSERT_EQ(wrong, "") << "seed " << seed << ", event " << i;
    }
    steps += followed.steps_;
    wholes += followed.wholes_;
    changed += followed.changed_;
  }
  // The law would say nothing of histories in which nothing ever changes, or
  // in which all is decided as a whole.
  RecordProperty("followed", steps - wholes);
  EXPECT_GT(changed, steps / 2);
  EXPECT_GT(steps - wholes, steps / 4);
}

INSTANTIATE_TEST_SUITE_P(
    Sites, StandingPlanTest,
    testing::Values(
        SiteKind{"Demo", demo_site()},
        SiteKind{"CountingAbsences", strict(), "work-hardening"},
        SiteKind{"ByWeekWithEvidence", overridden({{"claimGrouping", "WEEK"},
                                                   {"gate.A19", "HOLD"},
                                                   {"gate.A34", "HOLD"}})},
        SiteKind{"Escalating", escalating()},
        SiteKind{"CountedByInjury", overridden({{"visitCountScope", "INJURY"},
                                                {"authBasis", "HOURS"}})}),
    [](const auto& site) { return site.param.name; });

}  // namespace
}  // namespace gateway::billing
