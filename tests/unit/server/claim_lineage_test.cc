#include "server/claim_lineage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kNothing =
    R"({"resourceType":"Parameters","parameter":[]})";

class ClaimLineageTest : public testing::Test {
 protected:
  ClaimLineageTest() {
    gateway_.post("/fhir", demo("referral.json"));
    gateway_.post("/fhir", demo("session-5-friday.json"));
    claim_ = gateway_.stored("Claim").at(0);
  }
  std::string explained() {
    const auto known =
        gateway_.parts().shelf.take(claim_.owner, claim_.case_key);
    const Moment moment{gateway_.now, gateway_.editions().current()};
    return with_claim_lineage(kNothing, {claim_, (*known)->facts, moment},
                              gateway_.parts());
  }
  // "field, line, rule" of an element.
  std::string origin(const std::string& element) {
    const auto document = parse_shared(explained());
    for (const Json group : (*document)->root().get("parameter")) {
      for (const Json value : group.get("part")) {
        std::string all;
        for (const Json part : value.get("part")) {
          all += std::string(part.get("valueString").text()) + " ";
        }
        if (all.starts_with(element + " ")) return all;
      }
    }
    return {};
  }

  ScratchGateway gateway_;
  store::StoredResource claim_;
};

TEST_F(ClaimLineageTest, NamesTheLineOfTheMapItsFieldAndTheRule) {
  EXPECT_THAT(
      origin("Claim.item[1].quantity.value"),
      testing::MatchesRegex("Claim.item.1..quantity.value lines.1..quantity "
                            "emit/claim.yaml:[0-9]+ [a-z0-9-]+/[A-Za-z0-9]+ "));
  EXPECT_THAT(origin("Claim.use"),
              testing::MatchesRegex("Claim.use emit/claim.yaml:[0-9]+ "));
  EXPECT_THAT(origin("Encounter.length.value"),
              HasSubstr(" minutes emit/encounter.yaml:"));
}

TEST_F(ClaimLineageTest, NamesTheResourcesThatABodyRestsOn) {
  const auto text = explained();
  EXPECT_THAT(text, HasSubstr(R"("name":"output","valueReference":)"
                              R"({"reference":")" +
                              claim_.id.text() + "/_history/"));
  EXPECT_THAT(text, HasSubstr(R"("name":"input","valueReference":)"
                              R"({"reference":"Procedure/)"));
  EXPECT_THAT(text, HasSubstr(R"("valueString":"emit/claim|)"));
}

TEST_F(ClaimLineageTest, SaysNothingOfAMapThatIsGone) {
  auto other = claim_;
  const auto at = other.body.find("emit/claim|");
  ASSERT_NE(at, std::string::npos);
  other.body.replace(at, 12, "emit/claim|?");
  claim_ = other;
  EXPECT_EQ(explained(), kNothing);
}

}  // namespace
}  // namespace gateway::server
