#include "fhirpath/types.h"

#include <gtest/gtest.h>

#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Types, ShareOneSpaceOfNumbers) {
  const Types types(&small_model());
  EXPECT_EQ(types.name(types.find("Patient")), "Patient");
  EXPECT_EQ(types.find("FHIR.Patient"), types.find("Patient"));
  EXPECT_EQ(types.find("Boolean"), system_type(ValueKind::boolean));
  EXPECT_NE(types.find("boolean"), types.find("Boolean"));
  EXPECT_EQ(types.find("System.Patient"), kNoValues);
  EXPECT_EQ(types.find("Nothing"), kUntyped);
  EXPECT_EQ(types.name(types.find("Patient.contact")), "Patient.contact");
  EXPECT_TRUE(types.is_a(types.find("code"), types.find("string")));
  EXPECT_TRUE(types.is_quantity(types.find("Age")));
  EXPECT_TRUE(types.stands_for_any(types.find("Resource")));
}

TEST(Types, KnowSystemTypesWithoutAModel) {
  const Types types;
  EXPECT_EQ(types.find("Integer"), system_type(ValueKind::integer));
  EXPECT_EQ(types.find("Patient"), kUntyped);
}

}  // namespace
}  // namespace gateway::fhirpath
