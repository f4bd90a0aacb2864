#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(TypeFunctions, NameTypes) {
  constexpr ExpressionCase kCases[] = {
      {"1.type().name", "String Integer"},
      {"1.type().namespace", "String System"},
      {"1.ofType(Integer)", "Integer 1"},
      {"(1 | 'a').ofType(String)", "String a"},
  };
  expect_found(kCases);
}

TEST(TypeFunctions, NameTypesOfNodes) {
  constexpr ExpressionCase kCases[] = {
      {"gender.type().name", "String code"},
      {"Patient.type().namespace", "String FHIR"},
      {"contact.type().name", "String Patient.contact"},
      {"Patient.is(FHIR.`Patient`)", "Boolean true"},
  };
  expect_found(kCases, kPatient);
}

}  // namespace
}  // namespace gateway::fhirpath
