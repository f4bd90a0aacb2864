#include "episode/case.h"

#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

void apply(Case& facts, const std::string& key, std::string text) {
  const Read read(std::move(text));
  facts.apply(read.reading().root, {key, 1, Instant()});
}

TEST(CaseTest, NamesWhatItNeeds) {
  Case facts;
  apply(facts, "ServiceRequest/1",
        "{'resourceType':'ServiceRequest','subject':{'reference':'Patient/1'},"
        "'requester':{'reference':'PractitionerRole/2'}}");
  EXPECT_EQ(facts.parties(),
            (std::vector<std::string>{"Patient/1", "PractitionerRole/2"}));
  apply(facts, "Patient/1", "{'resourceType':'Patient'}");
  EXPECT_EQ(facts.parties(), std::vector<std::string>{"PractitionerRole/2"});
}

TEST(CaseTest, TheOrderInForceIsTheLastOfItsReplacements) {
  Case facts;
  const auto order = [&](const std::string& id, const std::string& replaced) {
    apply(facts, "ServiceRequest/" + id,
          "{'resourceType':'ServiceRequest','status':'active','replaces':[{"
          "'reference':'ServiceRequest/" +
              replaced + "'}]}");
  };
  order("1", "9");
  order("2", "1");
  order("3", "2");
  EXPECT_EQ(facts.in_force("ServiceRequest/1")->source.key, "ServiceRequest/3");
  EXPECT_EQ(facts.in_force("ServiceRequest/8"), nullptr);
  order("1", "3");  // a circle ends somewhere
  EXPECT_NE(facts.in_force("ServiceRequest/1"), nullptr);
}

TEST(CaseTest, PullsAndThePayersNumbers) {
  Case facts;
  EXPECT_FALSE(facts.pulled("Claim/1"));
  facts.apply_pull("Claim/1", 1);
  EXPECT_TRUE(facts.pulled("Claim/1"));
  apply(facts, "ClaimResponse/1",
        "{'resourceType':'ClaimResponse','status':'active','use':'claim',"
        "'identifier':[{'value':"
        "'ICN'}],'request':{'reference':'Claim/1'}}");
  EXPECT_EQ(facts.payer_number("Claim/1"), "ICN");
  EXPECT_EQ(facts.payer_number("Claim/2"), "");
}

TEST(CaseTest, ADischargedEpisodeKeepsItsKey) {
  Case facts;
  apply(facts, "EpisodeOfCare/1",
        "{'resourceType':'EpisodeOfCare','id':'1','identifier':[{'system':"
        "'https://workgate.example/fhir/NamingSystem/plan-key','value':"
        "'episode|r'}],'status':'active'}");
  apply(facts, "EpisodeOfCare/1",
        "{'resourceType':'EpisodeOfCare','id':'1','status':'finished'}");
  EXPECT_EQ(facts.emitted().at("EpisodeOfCare/1").key, "episode|r");
  EXPECT_EQ(facts.emitted().at("EpisodeOfCare/1").status, "finished");
}

}  // namespace
}  // namespace gateway::episode
