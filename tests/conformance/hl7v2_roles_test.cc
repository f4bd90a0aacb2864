// PRD-1 repeats: whatever roles one provider has, and in whatever order, each
// is found again in the referral.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "conformance/shipped_maps.h"
#include "map/map_case.h"

namespace gateway::map {
namespace {

using Roles = std::vector<std::string>;

std::string joined(const Roles& roles) {
  std::string all;
  for (const auto& role : roles) all += (all.empty() ? "" : "~") + role;
  return all;
}

// The complete referral with one provider only, who has those roles.
std::string referral(const std::string& complete, const Roles& roles) {
  const auto first = complete.find("PRD|RP");
  const auto second = complete.find("PRD|RT");
  const auto end = complete.find('|', second + 4);
  return complete.substr(0, first) + "PRD|" + joined(roles) +
         complete.substr(end);
}

class Hl7v2RolesTest : public ShippedMapsTest {
 protected:
  void SetUp() override {
    ShippedMapsTest::SetUp();
    std::ifstream in(maps() + "/hl7v2/messages/cases/REF_I12/complete.hl7",
                     std::ios::binary);
    complete_.assign(std::istreambuf_iterator<char>(in), {});
    ASSERT_FALSE(complete_.empty());
  }

  JsonDocument mapped(const std::string& message) {
    const auto ready = mappable(*set_, message, true);
    EXPECT_TRUE(ready.ok());
    const auto output = run(*set_->library, *ready->map, ready->source->root(),
                            {.overlay = &set_->overlay("")});
    EXPECT_EQ(output.verdict, Verdict::mapped);
    passed_ = output.outcome.findings();
    auto bundle = JsonDocument::parse(output.bundle);
    EXPECT_TRUE(bundle.ok());
    return *std::move(bundle);
  }

  std::string complete_;
  std::vector<fhir::Finding> passed_;
};

std::vector<Json> of_type(const JsonDocument& bundle, std::string_view type) {
  std::vector<Json> found;
  for (const Json entry : bundle.root().get("entry")) {
    const auto resource = entry.get("resource");
    if (resource.get("resourceType").text() == type) found.push_back(resource);
  }
  return found;
}

// The codes of CodeableConcepts.
std::multiset<std::string> codes(Json concepts) {
  std::multiset<std::string> all;
  for (const Json concept_ : concepts) {
    for (const Json coding : concept_.get("coding")) {
      all.emplace(coding.get("code").text());
    }
  }
  return all;
}

bool has(const Roles& roles, const char* role) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

TEST_F(Hl7v2RolesTest, EveryRepetitionCountsInEveryOrder) {
  std::size_t tried = 0;
  for (unsigned chosen = 1; chosen < 16; ++chosen) {
    Roles roles;
    const Roles all{"CP", "PP", "RP", "RT"};
    for (unsigned i = 0; i < all.size(); ++i) {
      if ((chosen >> i & 1U) != 0) roles.push_back(all[i]);
    }
    do {
      SCOPED_TRACE(joined(roles));
      ++tried;
      const auto bundle = mapped(referral(complete_, roles));
      const auto referrals = of_type(bundle, "ServiceRequest");
      ASSERT_EQ(referrals.size(), 1U);
      EXPECT_EQ(referrals[0].get("requester").exists(), has(roles, "RP"));
      EXPECT_EQ(referrals[0].get("performer").exists(), has(roles, "RT"));
      // One person is one PractitionerRole, which has all of the roles.
      const auto parts = of_type(bundle, "PractitionerRole");
      ASSERT_EQ(parts.size(), 1U);
      EXPECT_EQ(codes(parts[0].get("code")),
                std::multiset<std::string>(roles.begin(), roles.end()));
      std::multiset<std::string> cares;
      for (const Json team : of_type(bundle, "CareTeam")) {
        for (const Json participant : team.get("participant")) {
          cares.merge(codes(participant.get("role")));
          EXPECT_TRUE(participant.find("member.reference").exists());
        }
      }
      std::multiset<std::string> wanted;
      for (const auto* role : {"CP", "PP"}) {
        if (has(roles, role)) wanted.insert(role);
      }
      EXPECT_EQ(cares, wanted);
    } while (std::next_permutation(roles.begin(), roles.end()));
  }
  EXPECT_EQ(tried, 64U);
}

TEST_F(Hl7v2RolesTest, ABlankRoleIsTold) {
  for (const Roles& roles : {Roles{""}, Roles{"\"\""}, Roles{"", ""}}) {
    const auto bundle = mapped(referral(complete_, roles));
    EXPECT_EQ(of_type(bundle, "PractitionerRole").size(), 1U);
    ASSERT_EQ(passed_.size(), 1U) << joined(roles);
    EXPECT_EQ(passed_[0].rule, "map/passed");
    EXPECT_EQ(passed_[0].expression, "PRD-1");
  }
}

}  // namespace
}  // namespace gateway::map
