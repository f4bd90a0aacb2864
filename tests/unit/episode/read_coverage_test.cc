#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

TEST(ReadCoverageTest, TheClaimNumberIsTheIdentifierOfItsType) {
  const Read coverage(
      "{'resourceType':'Coverage','status':'active','identifier':[{'value':"
      "'other'},{'type':{'coding':[{'system':"
      "'http://terminology.hl7.org/CodeSystem/v2-0203','code':'WCN'}]},"
      "'value':'WC-1'}],'payor':[{'reference':'Organization/p'}],'extension':["
      "{'url':'https://workgate.example/fhir/StructureDefinition/jurisdiction',"
      "'valueCode':'TX'}]}");
  const auto read = read_coverage(coverage.reading());
  EXPECT_EQ(read.claim_number, "WC-1");
  EXPECT_EQ(read.payor, "Organization/p");
  EXPECT_EQ(read.jurisdiction, "TX");
}

TEST(ReadCoverageTest, ThePayersNumberOfAClaim) {
  const Read answer(
      "{'resourceType':'ClaimResponse','use':'claim','identifier':[{'value':"
      "'ICN-7'}],'request':{'reference':'Claim/4'}}");
  const auto read = read_payer_answer(answer.reading());
  EXPECT_EQ(read.claim, "Claim/4");
  EXPECT_EQ(read.number, "ICN-7");
}

}  // namespace
}  // namespace gateway::episode
