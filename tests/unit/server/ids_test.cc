#include "server/ids.h"

#include <gtest/gtest.h>

#include <set>

#include "fhir/resource.h"

namespace gateway::server {
namespace {

TEST(IdsTest, AreDifferentAndFitFhir) {
  Ids one(0x123456789A);
  Ids other(0x123456789B);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    for (const auto& id : {one.next(), other.next()}) {
      EXPECT_TRUE(seen.insert(id).second) << id;
      EXPECT_TRUE(fhir::parse_reference("Claim/" + id)) << id;
    }
  }
}

}  // namespace
}  // namespace gateway::server
