#include <gtest/gtest.h>

#include "fhirpath/evaluation.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Descend, MeetsEveryNodeOnce) {
  constexpr ExpressionCase kCases[] = {
      {"descendants().count()", "Integer 35"},
      {"descendants().ofType(HumanName).count()", "Integer 4"},
      {"descendants().where($this is Organization).name", "string Acme"},
      {"descendants().ofType(Extension).value", "string unknown, string five"},
      {"birthDate.descendants().count()", "Integer 4"},
  };
  expect_found(kCases, kPatient);
}

}  // namespace
}  // namespace gateway::fhirpath
