#include "episode/evidence_words.h"

#include <gtest/gtest.h>

namespace gateway::episode {
namespace {

TEST(EvidenceWordsTest, ComparesPlainWords) {
  EXPECT_EQ(plain_words("Very-Heavy_Work"), "very heavy work");
}

TEST(EvidenceWordsTest, KnowsTheNineAreasInEitherSpelling) {
  Areas all;
  for (const auto* title :
       {"musculoskeletal status", "cardiovascular", "vocational", "attitudinal",
        "behavioral", "cognitive", "functional capacity", "safety",
        "accommodations"}) {
    EXPECT_EQ(evaluation_areas(title).count(), 1U) << title;
    all |= evaluation_areas(title);
  }
  EXPECT_TRUE(all.all());
  EXPECT_EQ(evaluation_areas("behavioural"), evaluation_areas("behavioral"));
  EXPECT_TRUE(evaluation_areas("x").none());
}

TEST(EvidenceWordsTest, KnowsFiveLevelsOfDemand) {
  for (const auto* level :
       {"sedentary", "light", "medium", "heavy", "very heavy", "medium work"}) {
    EXPECT_TRUE(is_demand_level(level)) << level;
  }
  for (const auto* other : {"", "banana", "heavyweight"}) {
    EXPECT_FALSE(is_demand_level(other)) << other;
  }
}

TEST(EvidenceWordsTest, TakesTherapistsOfOneProfessionForOneDiscipline) {
  EXPECT_EQ(discipline_of("pt"), discipline_of("physical therapist"));
  EXPECT_NE(discipline_of("pt"), discipline_of("occupational therapist"));
  EXPECT_EQ(discipline_of("patient"), "");
  EXPECT_EQ(discipline_of("social worker"), "social worker");
  EXPECT_TRUE(is_director("program director"));
  EXPECT_FALSE(is_director("pt"));
}

TEST(EvidenceWordsTest, KnowsAHomeProgramByItsName) {
  EXPECT_TRUE(is_home_program("home exercise program"));
  EXPECT_FALSE(is_home_program("plan of care"));
}

bool licensed(std::string_view json) {
  return is_licence((*parse_shared(std::string(json)))->root());
}

TEST(EvidenceWordsTest, TellsALicenceFromACourse) {
  EXPECT_TRUE(licensed(R"({"code":{"text":"PT"}})"));
  EXPECT_TRUE(licensed(R"({"code":{"text":"Texas PT license"}})"));
  EXPECT_TRUE(licensed(
      R"({"identifier":[{"value":"1234"}],"code":{"text":"board of TX"}})"));
  EXPECT_TRUE(licensed(
      R"({"code":{"coding":[{"system":"http://nucc.org/provider-taxonomy",)"
      R"("code":"225100000X"}]}})"));
  EXPECT_FALSE(licensed(R"({"code":{"text":"CPR certificate"}})"));
  EXPECT_FALSE(licensed(
      R"({"identifier":[{"value":"7"}],"code":{"text":"CPR certificate"}})"));
  EXPECT_FALSE(licensed(R"({"code":{}})"));
}

TEST(EvidenceWordsTest, TellsWhetherAPlanIsOfAStay) {
  EXPECT_EQ(plan_matter("work conditioning plan of care"), PlanMatter::stay);
  EXPECT_EQ(plan_matter("physical therapy"), PlanMatter::stay);
  EXPECT_EQ(plan_matter("treatment plan"), PlanMatter::unsaid);
  EXPECT_EQ(plan_matter("734163000"), PlanMatter::unsaid);
  EXPECT_EQ(plan_matter(""), PlanMatter::unsaid);
  EXPECT_EQ(plan_matter("diabetes self management"), PlanMatter::other);
}

TEST(EvidenceWordsTest, TellsAContraindicationFromNone) {
  for (const auto* none :
       {"no contraindication known", "nkc; without contraindications",
        "contraindication: none", "not contraindicated"}) {
    EXPECT_TRUE(denies_contraindication(none)) << none;
  }
  for (const auto* one :
       {"contraindication", "contraindicated: unstable fracture",
        "no weight on the leg; contraindication to lifting", "fall risk"}) {
    EXPECT_FALSE(denies_contraindication(one)) << one;
  }
}

TEST(EvidenceWordsTest, KnowsWhoDoesNotWork) {
  EXPECT_TRUE(says_not_working("unemployed"));
  EXPECT_FALSE(says_not_working("employed"));
  EXPECT_FALSE(says_not_working(""));
}

}  // namespace
}  // namespace gateway::episode
