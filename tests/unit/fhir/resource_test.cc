#include "fhir/resource.h"

#include <gtest/gtest.h>

namespace gateway::fhir {
namespace {

TEST(ParseReferenceTest, ReadsLiteralReferences) {
  const auto plain = parse_reference("Patient/17");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->target.text(), "Patient/17");
  EXPECT_FALSE(plain->version);
  EXPECT_EQ(parse_reference("Patient/17/_history/3")->version, 3U);
  EXPECT_EQ(parse_reference("https://x.example/fhir/Patient/17",
                            "https://x.example/fhir")
                ->target.text(),
            "Patient/17");
}

TEST(ParseReferenceTest, LeavesOtherReferencesAlone) {
  for (const char* text :
       {"", "#p", "urn:uuid:1", "Patient", "patient/1", "Patient/",
        "Patient/a b", "https://y.example/fhir/Patient/17",
        "Patient?identifier=1", "Patient/1/_history/x"}) {
    EXPECT_FALSE(parse_reference(text)) << text;
  }
}

}  // namespace
}  // namespace gateway::fhir
