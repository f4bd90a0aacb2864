#include <gtest/gtest.h>

#include "unit/episode/reading.h"

namespace gateway::episode {
namespace {

TEST(ReadAuthorizationTest, LinesOfTheRequest) {
  const Read request(
      "{'resourceType':'Claim','use':'preauthorization','referral':{"
      "'reference':'ServiceRequest/1'},'item':[{'sequence':2,"
      "'productOrService':{'coding':[{'system':"
      "'http://www.ama-assn.org/go/cpt','code':'97546'}]},'quantity':{'value':"
      "24,'code':'HS'}}]}");
  const auto read = read_request(request.reading());
  EXPECT_EQ(read.referral, "ServiceRequest/1");
  ASSERT_EQ(read.items.size(), 1U);
  EXPECT_EQ(read.items[0].sequence, 2);
  EXPECT_EQ(read.items[0].service, AuthorizedItem::Service::further);
  EXPECT_EQ(read.items[0].quantity->text(), "24");
  EXPECT_EQ(read.items[0].unit, "HS");
}

TEST(ReadAuthorizationTest, ADateWithoutTimeStaysADate) {
  const Read response(
      "{'resourceType':'ClaimResponse','status':'active','created':"
      "'2026-03-31','preAuthRef':'PA','preAuthPeriod':{'start':'2026-04-01'},"
      "'error':[{'code':{'text':'x'}}]}");
  const auto read = read_authorization(response.reading());
  EXPECT_FALSE(read.created);
  EXPECT_EQ(read.created_date->text(), "2026-03-31");
  EXPECT_EQ(read.from->text(), "2026-04-01");
  EXPECT_FALSE(read.to);
  EXPECT_TRUE(read.has_error);
}

TEST(ReadAuthorizationTest, AnEndThatIsKeptAsideIsItsEnd) {
  const Read grant(
      "{'resourceType':'ClaimResponse','status':'active','preAuthPeriod':{"
      "'start':'2026-04-05','_end':{'extension':[{'url':"
      "'https://workgate.example/fhir/StructureDefinition/end-as-sent',"
      "'valueDateTime':'2026-03-05'}]}}}");
  const auto read = read_authorization(grant.reading());
  ASSERT_TRUE(read.from);
  ASSERT_TRUE(read.to);
  EXPECT_LT(*read.to, *read.from);
}

}  // namespace
}  // namespace gateway::episode
