#include "billing/parties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string part(std::string_view id) {
  const auto name = "'id':'" + std::string(id) + "'";
  for (const auto& party : party_jsons()) {
    if (party.find(name) != std::string::npos) return party;
  }
  return {};
}

std::string replaced(std::string text, std::string_view from,
                     std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

std::vector<std::string> missing(const std::string& party) {
  Clinic clinic;
  clinic.store_parties();
  clinic.store(party);
  clinic.store(order_json({}));
  clinic.store(grant_json({}));
  clinic.store(session_json({.id = "s1",
                             .start = "2026-04-13T08:00:00-05:00",
                             .end = "2026-04-13T11:00:00-05:00"}));
  const auto plan = clinic.plan();
  const auto facts = clinic.facts();
  std::vector<std::string> rules;
  for (const auto& one :
       check_parties(facts, clinic.programs_, plan.visits.front())) {
    rules.emplace_back(one.rule);
  }
  return rules;
}

TEST(PartiesTest, CompletePartiesLackNothing) {
  EXPECT_THAT(missing(part("clinic")), IsEmpty());
}

TEST(PartiesTest, ANumberThatIsNoNpiIsNone) {
  for (const auto* number : {"1999888774", "199988877", "abc"}) {
    EXPECT_THAT(missing(replaced(part("therapist"), "1999888773", number)),
                ElementsAre("billing/no-npi"));
    EXPECT_THAT(missing(replaced(part("clinic"), "1234567893", number)),
                ElementsAre("billing/no-npi"));
  }
}

TEST(PartiesTest, TheProgramIsHeldInFewKindsOfPlaces) {
  const auto at = [](const std::string& code) {
    return missing(
        replaced(part("l1"), "'id':'l1'",
                 "'id':'l1','type':[{'coding':[{'system':"
                 "'https://www.cms.gov/Medicare/Coding/place-of-service-codes/"
                 "Place_of_Service_Code_Set','code':'" +
                     code + "'}]}]"));
  };
  for (const auto* code : {"11", "18", "19", "22", "62"}) {
    EXPECT_THAT(at(code), IsEmpty()) << code;
  }
  for (const auto* code : {"24", "21", "77", "1", "ABC"}) {
    EXPECT_THAT(at(code), ElementsAre("billing/place-of-service")) << code;
  }
}

// What is said of a performer, and what its licence says, is weighed in any
// order of the performers.
TEST(PartiesTest, ALicensedTherapistRendersBesideAnAide) {
  const std::string aide =
      "{'actor':{'reference':'Practitioner/aide'},'function':{'text':'Rehab "
      "aide'}}";
  const std::string therapist =
      "{'actor':{'reference':'Practitioner/therapist'}}";
  const auto rendering = [&](const std::string& performers) {
    Clinic clinic;
    clinic.store_parties();
    clinic.store(
        "{'resourceType':'Practitioner','id':'aide','identifier':[{'system':"
        "'http://hl7.org/fhir/sid/us-npi','value':'1234567893'}],"
        "'qualification':[{'code':{'text':'Rehabilitation aide'}}]}");
    clinic.store(order_json({}));
    clinic.store(grant_json({}));
    clinic.store(replaced(session_json({.id = "s1",
                                        .start = "2026-04-13T08:00:00-05:00",
                                        .end = "2026-04-13T11:00:00-05:00"}),
                          therapist, performers));
    clinic.run();
    const auto plan = clinic.plan();
    const auto& visit = plan.visits.front();
    return visit.rendering + " " + clinic.claims().at(0).substr(0, 6) + " " +
           visit.facts.text(program::Fact::session_therapists);
  };
  EXPECT_EQ(rendering(aide + "," + therapist),
            "Practitioner/therapist active 1");
  EXPECT_EQ(rendering(therapist + "," + aide),
            "Practitioner/therapist active 1");
  EXPECT_EQ(rendering(therapist + "," + therapist),
            "Practitioner/therapist active 1");
  EXPECT_EQ(rendering(aide), " draft  0");
}

TEST(PartiesTest, ALicenceIsOfADate) {
  const auto until = [](const std::string& day) {
    return missing(
        replaced(part("therapist"), "{'code':{'text':'PT'}}",
                 "{'code':{'text':'PT'},'period':{'end':'" + day + "'}}"));
  };
  EXPECT_THAT(until("2026-04-13"), IsEmpty());
  EXPECT_THAT(until("2026-04-12"), ElementsAre("billing/no-license"));
}

TEST(PartiesTest, WhoMayRender) {
  EXPECT_TRUE(may_render(""));
  EXPECT_TRUE(may_render("225100000X"));
  EXPECT_FALSE(may_render("225200000X"));
  EXPECT_TRUE(is_assistant("225200000X"));
  EXPECT_TRUE(is_assistant("224Z00000X"));
  EXPECT_FALSE(is_assistant("225X00000X"));
}

}  // namespace
}  // namespace gateway::billing
