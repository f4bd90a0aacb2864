#include "billing/plan_of_care.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/complete_case.h"

namespace gateway::billing {
namespace {

using ::testing::ElementsAre;

constexpr const char* kCpt = "cpt-97545-97546";
constexpr const char* kByPlan = "physical-therapy:GP,occupational-therapy:GO";

struct Treated {
  std::string by;        // Practitioner
  std::string function;  // NUCC; empty: not said
};

std::string performers(const std::vector<Treated>& all) {
  std::string text;
  for (const auto& one : all) {
    text += text.empty() ? "{'performer':[{" : ",{";
    if (!one.function.empty()) {
      text +=
          "'function':{'coding':[{'system':"
          "'http://nucc.org/provider-taxonomy','code':'" +
          one.function + "'}]},";
    }
    text += "'actor':{'reference':'Practitioner/" + one.by + "'}}";
  }
  return json_of(text + "]}");
}

struct World {
  CompleteCase complete{Program::work_conditioning};
  program::Programs programs;
  episode::Case facts{};
  Plan plan{};

  const Visit& decide_all() {
    facts = complete.facts(programs.resource_types());
    plan = decide(facts, programs, *parse_instant("2026-04-28T12:00:00Z"));
    return plan.visits[0];
  }
};

World with(std::map<std::string, std::string> knobs,
           std::vector<std::string> packs = {"clinic-work-conditioning"}) {
  auto site = demo_site();
  site.accept_unverified = true;
  site.policies[Program::work_conditioning] = std::move(packs);
  for (auto& [name, value] : knobs) {
    const auto slash = name.find('/');
    site.overrides[name.substr(0, slash)][name.substr(slash + 1)] = value;
  }
  World world{.programs = shipped_programs(std::move(site))};
  world.complete.apply("Practitioner therapist",
                       R"({"qualification":[{"code":{"text":"a licence"}}]})");
  return world;
}

bool fails(const Visit& visit, std::string_view rule) {
  return std::any_of(
      visit.judgements.begin(), visit.judgements.end(),
      [&](const auto& one) { return one.rule == rule && one.holds(); });
}

// --- whose plan it is

struct Row {
  const char* name;
  std::vector<Treated> treated;
  const char* modifier;  // empty: nobody can say
};

class WhosePlanTest : public ::testing::TestWithParam<Row> {};

TEST_P(WhosePlanTest, FollowsFromWhoTreated) {
  auto world = with({{std::string(kCpt) + "/modifiers", kByPlan}});
  world.complete.apply("Procedure", performers(GetParam().treated));
  const auto& visit = world.decide_all();
  const std::string modifier = GetParam().modifier;
  EXPECT_EQ(fails(visit, "cpt-97545-97546/C9"), modifier.empty());
  EXPECT_EQ(world.plan.claims.at(0).held, modifier.empty());
  for (const auto& line : visit.lines) {
    EXPECT_EQ(line.modifiers, modifier.empty()
                                  ? std::vector<std::string>{}
                                  : std::vector<std::string>{modifier});
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WhosePlanTest,
    ::testing::Values(
        Row{"physical", {{"therapist", "225100000X"}}, "GP"},
        Row{"specialized", {{"therapist", "2251X0800X"}}, "GP"},
        Row{"occupational", {{"therapist", "225X00000X"}}, "GO"},
        Row{"with_assistant",
            {{"second", "225200000X"}, {"therapist", "225100000X"}},
            "GP"},
        Row{"occupational_with_assistant",
            {{"second", "224Z00000X"}, {"therapist", "225X00000X"}},
            "GO"},
        Row{"under_a_therapist_not_said",
            {{"therapist", ""}, {"second", "225200000X"}},
            "GP"},
        Row{"who_renders_decides",
            {{"therapist", "225X00000X"}, {"second", "225100000X"}},
            "GO"},
        Row{"nobody_said", {{"therapist", ""}}, ""},
        Row{"another_profession", {{"therapist", "207Q00000X"}}, ""},
        Row{"a_physician_is_no_therapist_though_one_helped",
            {{"therapist", "207Q00000X"}, {"second", "225200000X"}},
            ""},
        Row{"two_professions",
            {{"therapist", ""}, {"second", "225200000X"}, {"md", "224Z00000X"}},
            ""}),
    [](const auto& row) { return std::string(row.param.name); });

// What the performer's function does not say, their papers may.
TEST(PlanOfCareTest, ARoleOrQualificationSaysTheProfession) {
  const std::string code =
      "{'coding':[{'system':'http://nucc.org/provider-taxonomy','code':"
      "'225X00000X'}]}";
  auto world = with({{std::string(kCpt) + "/modifiers", kByPlan}});
  world.complete.apply("Practitioner therapist",
                       json_of("{'qualification':[{'code':" + code + "}]}"));
  EXPECT_EQ(world.decide_all().plan_of_care->profession,
            "occupational-therapy");

  auto role = with({{std::string(kCpt) + "/modifiers", kByPlan}});
  role.complete.apply(
      "add", json_of("{'resourceType':'PractitionerRole','id':'ot',"
                     "'practitioner':{'reference':'Practitioner/therapist'},"
                     "'specialty':[" +
                     code + "]}"));
  role.complete.apply("Procedure",
                      json_of("{'performer':[{'actor':{'reference':"
                              "'PractitionerRole/ot'}}]}"));
  EXPECT_EQ(role.decide_all().plan_of_care->profession, "occupational-therapy");
}

TEST(PlanOfCareTest, APayerThatDoesNotAskIsNotToldAndHoldsNothing) {
  auto world = with({});
  world.complete.apply("Procedure", performers({{"therapist", ""}}));
  const auto& visit = world.decide_all();
  EXPECT_EQ(visit.plan_of_care, nullptr);
  EXPECT_FALSE(world.plan.claims.at(0).held);
  for (const auto& one : visit.judgements) {
    EXPECT_NE(one.rule, "cpt-97545-97546/C9");
  }
}

TEST(PlanOfCareTest, AProfessionWithoutAModifierIsNotGuessed) {
  auto world =
      with({{std::string(kCpt) + "/modifiers", "physical-therapy:GP"}});
  world.complete.apply("Procedure", performers({{"therapist", "225X00000X"}}));
  const auto& visit = world.decide_all();
  EXPECT_TRUE(fails(visit, "cpt-97545-97546/C9"));
  EXPECT_THAT(visit.lines.at(0).modifiers, ElementsAre());
}

// --- the order on the line

struct Order_ {
  const char* name;
  std::map<std::string, std::string> knobs;
  std::vector<std::string> modifiers;
};

class ModifierOrderTest : public ::testing::TestWithParam<Order_> {};

// The program, its accreditation, what always stands, the plan of care, the
// assistant, the short session: however the table was written.
TEST_P(ModifierOrderTest, IsThatOfThePayers) {
  auto knobs = GetParam().knobs;
  auto world = with(std::move(knobs), {"texas-dwc"});
  world.complete.apply("Procedure", performers({{"therapist", "225100000X"},
                                                {"second", "225200000X"}}));
  EXPECT_EQ(world.decide_all().lines.at(0).modifiers, GetParam().modifiers);
}

constexpr const char* kAll =
    "physical-therapy:GP,always:ZZ,accredited:CA,work-conditioning:WC";

INSTANTIATE_TEST_SUITE_P(
    Rows, ModifierOrderTest,
    ::testing::Values(
        Order_{"program", {}, {"WC"}},
        Order_{"accredited", {{"texas-dwc/accredited", "true"}}, {"WC", "CA"}},
        Order_{"plan_of_care",
               {{"texas-dwc/modifiers",
                 "physical-therapy:GP,work-conditioning:WC"}},
               {"WC", "GP"}},
        Order_{"assistant",
               {{"texas-dwc/modifiers",
                 "physical-therapy:GP,work-conditioning:WC"},
                {"texas-dwc/assistantModifier", "CQ"}},
               {"WC", "GP", "CQ"}},
        Order_{"all",
               {{"texas-dwc/modifiers", kAll},
                {"texas-dwc/accredited", "true"},
                {"texas-dwc/assistantModifier", "CQ"}},
               {"WC", "CA", "ZZ", "GP", "CQ"}},
        Order_{"all_of_a_short_session",
               {{"texas-dwc/modifiers", kAll},
                {"texas-dwc/accredited", "true"},
                {"texas-dwc/assistantModifier", "CQ"},
                {"texas-dwc/minSessionMinutes", "300"},
                {"texas-dwc/underMinimum", "MOD52"}},
               {"WC", "CA", "ZZ", "GP", "CQ", "52"}}),
    [](const auto& row) { return std::string(row.param.name); });

// --- what no source verifies

// The source names GP alone: a session of occupational therapy waits for the
// site to accept the other.
TEST(PlanOfCareTest, AnUnverifiedModifierHoldsOnlyTheLinesThatBearIt) {
  for (const auto& [function, held] :
       {std::pair("225100000X", false), std::pair("225X00000X", true)}) {
    auto site = demo_site();
    site.policies[Program::work_conditioning] = {"medicare"};
    site.overrides["medicare"]["unitRule"] = "MIDPOINT";
    World world{.programs = shipped_programs(std::move(site))};
    world.complete.apply("Procedure", performers({{"therapist", function}}));
    const auto& billing = world.decide_all().billing;
    const auto found = std::find_if(
        billing.begin(), billing.end(),
        [](const auto& one) { return one.rule == "billing/unverified"; });
    EXPECT_EQ(found != billing.end(), held) << function;
    if (found == billing.end()) continue;
    EXPECT_EQ(found->finding().seen, "medicare/modifiers.occupational-therapy");
  }
}

}  // namespace
}  // namespace gateway::billing
