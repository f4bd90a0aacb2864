#include "billing/predecessors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

using testing::IsEmpty;
using testing::IsNull;

// What the gateway emitted: a type, an id, a status, and its key in the plan.
void emitted(episode::Case& facts, const std::string& type,
             const std::string& id, const std::string& more) {
  const auto document = *parse_shared(
      json_of("{'resourceType':'" + type + "','id':'" + id +
              "','identifier':[{'system':"
              "'https://workgate.example/fhir/NamingSystem/plan-key','value':" +
              more + "}"));
  facts.apply(fhir::Resource{{type, id}, 1, Instant(), "ehr", document});
}

TEST(PredecessorsTest, AClaimAndWhatReplacesItShareAKey) {
  episode::Case facts;
  emitted(facts, "Claim", "2", "'claim|r|d#2'}],'status':'active'");
  emitted(facts, "Claim", "1", "'claim|r|d'}],'status':'cancelled'");
  const auto chain = chain_of(facts, "claim|r|d");
  ASSERT_EQ(chain.size(), 2U);
  EXPECT_EQ(chain[0]->source.key, "Claim/1");
  EXPECT_THAT(chain_of(facts, "claim|r|e"), IsEmpty());
  // A new version stands where the old one stood.
  emitted(facts, "Claim", "1", "'claim|r|d'}],'status':'active'");
  ASSERT_EQ(chain_of(facts, "claim|r|d").size(), 2U);
  EXPECT_EQ(chain_of(facts, "claim|r|d")[0]->status, "active");
}

TEST(PredecessorsTest, KeysAreFoundByHowTheyBegin) {
  episode::Case facts;
  emitted(facts, "Claim", "1", "'claim|r|d'}],'status':'active'");
  emitted(facts, "Claim", "2", "'claim|r|e'}],'status':'active'");
  emitted(facts, "Task", "3", "'task|r|d'}],'status':'requested'");
  EXPECT_THAT(emitted_keys(facts, "claim|"),
              testing::ElementsAre("claim|r|d", "claim|r|e"));
}

TEST(PredecessorsTest, ATaskThatItsOwnerEndedIsTakenUpAgain) {
  episode::Case facts;
  EXPECT_THAT(standing_under(facts, "task|f|c"), IsNull());
  emitted(facts, "Task", "1",
          "'task|f|c'}],'status':'completed','statusReason':{'text':"
          "'the cause is gone'}");
  EXPECT_THAT(standing_under(facts, "task|f|c"), IsNull());
  EXPECT_THAT(earlier_task(facts, "task|f|c"), IsNull());
  emitted(facts, "Task", "2", "'task|f|c'}],'status':'completed'");
  EXPECT_THAT(standing_under(facts, "task|f|c"), IsNull());
  ASSERT_NE(earlier_task(facts, "task|f|c"), nullptr);
  EXPECT_EQ(earlier_task(facts, "task|f|c")->source.key, "Task/2");
  emitted(facts, "Task", "0", "'task|f|c'}],'status':'requested'");
  EXPECT_EQ(earlier_task(facts, "task|f|c")->source.key, "Task/0");
  EXPECT_FALSE(closed(*standing_under(facts, "task|f|c")));
}

}  // namespace
}  // namespace gateway::billing
