#include "server/ownership.h"

#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

class OwnershipTest : public testing::Test {
 protected:
  std::string owner(const std::string& partner, const std::string& resource) {
    Sent sent;
    sent.target = "/fhir/ClaimResponse";
    sent.body = resource;
    sent.partner = partner;
    const auto found =
        owner_of(gateway_.parts(), ScratchGateway::caller(partner),
                 gateway_.write_request(sent));
    return found ? *found : found.error().message;
  }

  ScratchGateway gateway_;
  const std::string answer_ =
      R"({"resourceType":"ClaimResponse","request":{"reference":"Claim/no"}})";
};

TEST_F(OwnershipTest, WhatAnEhrSendsIsItsOwn) {
  EXPECT_EQ(owner("demo-ehr", answer_), "demo-ehr");
}

TEST_F(OwnershipTest, AClearinghouseAnswersForThePartnerItServes) {
  const auto& caller = ScratchGateway::caller("demo-clearinghouse");
  EXPECT_EQ(owner("demo-clearinghouse", answer_),
            caller.serves.size() == 1 ? caller.serves.front() : caller.partner);
}

}  // namespace
}  // namespace gateway::server
