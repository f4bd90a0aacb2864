#include "exchange/caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/exchange/read_fixture.h"

namespace gateway::exchange {
namespace {

using testing::ElementsAre;

class CallerTest : public ReadFixture {
 protected:
  // As a reader finds it: through the scope, and then by may_see.
  bool sees(const Caller& caller, const std::string& type,
            const std::string& id) {
    const auto found = store_->read(scope_of(caller), {type, id}, std::nullopt);
    EXPECT_TRUE(found.ok());
    if (!*found) return false;
    const auto seen = may_see(caller, **found, *store_, site_);
    EXPECT_TRUE(seen.ok());
    return *seen;
  }
};

TEST_F(CallerTest, Scopes) {
  EXPECT_THAT(scope_of(ehr_).owners, ElementsAre("a"));
  EXPECT_FALSE(scope_of(ehr_).everything);
  EXPECT_FALSE(scope_of(ehr_).hide_draft_claims);
  EXPECT_THAT(scope_of(house_).owners, ElementsAre("house", "a"));
  EXPECT_TRUE(scope_of(house_).hide_draft_claims);
  EXPECT_TRUE(scope_of(operator_).everything);
}

// Who sees what: the oracle in a table.
TEST_F(CallerTest, EachSeesItsPart) {
  fill("a");
  fill("b");
  struct Case {
    const char* type;
    const char* id;
    bool ehr, other, house;
  };
  const Case kCases[] = {
      {"Patient", "p-a", true, false, true},
      {"Patient", "p-b", false, true, false},
      {"Coverage", "c-a", true, false, true},
      {"Coverage", "unnamed-a", true, false, false},
      {"Coverage", "c-b", false, true, false},
      {"Organization", "o-a", true, false, true},
      {"Organization", "o-b", false, true, false},
      {"Claim", "active-a", true, false, true},
      {"Claim", "draft-a", true, false, false},
      {"Claim", "active-b", false, true, false},
      {"Claim", "draft-b", false, true, false},
  };
  for (const auto& [type, id, ehr, other, house] : kCases) {
    EXPECT_EQ(sees(ehr_, type, id), ehr) << id;
    EXPECT_EQ(sees(other_, type, id), other) << id;
    EXPECT_EQ(sees(house_, type, id), house) << id;
    EXPECT_TRUE(sees(operator_, type, id)) << id;
  }
}

// A patient whose only claim is a draft is not known to the clearinghouse.
TEST_F(CallerTest, ADraftShowsNothing) {
  put("a", "p-a", R"({"resourceType":"Patient"})");
  put_claim("a", "c", "draft");
  EXPECT_FALSE(sees(house_, "Patient", "p-a"));
  put_claim("a", "c", "active", 2);
  EXPECT_TRUE(sees(house_, "Patient", "p-a"));
}

TEST_F(CallerTest, AClearinghouseSeesItsOwnAnswers) {
  put("house", "r", R"({"resourceType":"ClaimResponse","status":"active"})");
  EXPECT_TRUE(sees(house_, "ClaimResponse", "r"));
  EXPECT_FALSE(sees(ehr_, "ClaimResponse", "r"));
}

TEST_F(CallerTest, WhatEachMayDo) {
  EXPECT_TRUE(may_write(ehr_, "Procedure"));
  EXPECT_TRUE(may_write(house_, "ClaimResponse"));
  EXPECT_FALSE(may_write(house_, "Procedure"));
  EXPECT_FALSE(may_write(house_, "Claim"));
  EXPECT_FALSE(may_write(operator_, "Procedure"));
  EXPECT_TRUE(may_read_log(operator_));
  EXPECT_FALSE(may_read_log(ehr_));
  EXPECT_FALSE(may_read_log(house_));
}

}  // namespace
}  // namespace gateway::exchange
