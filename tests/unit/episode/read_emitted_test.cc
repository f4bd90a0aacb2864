#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

TEST(ReadEmittedTest, AClaimIsFoundAgainWithItsMoney) {
  const Read claim(
      "{'resourceType':'Claim','meta':{'versionId':'3'},'id':'9','extension':[{"
      "'url':'https://workgate.example/fhir/StructureDefinition/"
      "claim-frequency','valueCode':'7'}],'identifier':[{'system':"
      "'https://workgate.example/fhir/NamingSystem/plan-key','value':"
      "'claim|r|d#2'}],'status':'draft','created':'2026-06-01','related':[{"
      "'claim':{'reference':'Claim/8'}}],'insurance':[{'preAuthRef':['PA']}],"
      "'item':[{'productOrService':{'coding':[{'system':"
      "'http://www.ama-assn.org/go/cpt','code':'97545'}]},'servicedDate':"
      "'2026-04-06','quantity':{'value':1},'net':{'value':210.00}}]}");
  const auto read = read_emitted(claim.reading());
  EXPECT_EQ(read.key, "claim|r|d#2");
  EXPECT_EQ(read.frequency, "7");
  EXPECT_EQ(read.prior, "Claim/8");
  EXPECT_EQ(read.authorization_number, "PA");
  EXPECT_EQ(read.financial, "97545 2026-04-06 1 210.00;");
  EXPECT_EQ(read.body.find("meta"), std::string::npos);
}

}  // namespace
}  // namespace gateway::episode
