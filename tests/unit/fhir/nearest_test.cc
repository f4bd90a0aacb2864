#include "fhir/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace gateway::fhir {
namespace {

TEST(NearestTest, FindsWhatWasMeant) {
  constexpr std::array<std::string_view, 4> kNames = {"birthDate", "gender",
                                                      "given", "address"};
  EXPECT_EQ(nearest("birthdate", kNames), "birthDate");
  EXPECT_EQ(nearest("gendre", kNames), "gender");
  EXPECT_EQ(nearest("adress", kNames), "address");
  EXPECT_EQ(nearest("telephone", kNames), "");
  EXPECT_EQ(nearest("", kNames), "");
  EXPECT_EQ(nearest(std::string(1000, 'x'), kNames), "");
}

}  // namespace
}  // namespace gateway::fhir
