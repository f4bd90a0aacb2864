#include "fhir/terminology.h"

#include <gtest/gtest.h>

#include "unit/fhir/small_definitions.h"

namespace gateway::fhir {
namespace {

struct Case {
  const char* set;
  const char* system;
  const char* code;
  Membership expected;
};

TEST(TerminologyTest, ComparesDisplaysInAnyCase) {
  EXPECT_TRUE(same_display("Green Light", "green light"));
  EXPECT_FALSE(same_display("green", "greens"));
  EXPECT_FALSE(same_display("green", "brown"));
}

TEST(TerminologyTest, HoldsCodesAgainstValueSets) {
  const auto definitions = SmallDefinitions().make();
  const Case cases[] = {
      {"all", "http://example.org/colors", "green", Membership::yes},
      {"all", "http://example.org/colors", "brown", Membership::no},
      {"all", "http://example.org/other", "green", Membership::no},
      {"warm", "http://example.org/colors", "red", Membership::yes},
      {"warm", "http://example.org/colors", "green", Membership::no},
      {"tests", "http://loinc.org", "8302-2", Membership::unknown},
      {"tests", "http://loinc.org", "eight", Membership::no},
  };
  for (const auto& test : cases) {
    const auto set = definitions->value_set_of(
        std::string("http://example.org/") + test.set);
    EXPECT_EQ(coding_in(*definitions, set, test.system, test.code),
              test.expected)
        << test.set << ' ' << test.code;
  }
  const auto warm = definitions->value_set_of("http://example.org/warm");
  EXPECT_EQ(code_in(*definitions, warm, "red"), Membership::yes);
  EXPECT_EQ(code_in(*definitions, warm, "blue"), Membership::no);
}

TEST(TerminologyTest, WhatIsNotHeldIsNeverASilentYes) {
  const auto definitions = SmallDefinitions().make();
  EXPECT_EQ(code_exists(*definitions, "http://snomed.info/sct", "22298006"),
            Membership::unknown);
  EXPECT_EQ(
      code_exists(*definitions, "http://hl7.org/fhir/sid/icd-10-cm", "M54.50"),
      Membership::unknown);
  EXPECT_EQ(code_exists(*definitions, "http://hl7.org/fhir/sid/icd-10-cm",
                        "back pain"),
            Membership::no);
  EXPECT_EQ(code_exists(*definitions, "urn:ietf:bcp:47", "en-US"),
            Membership::yes);
}

TEST(TerminologyTest, ExpandsWhatIsListed) {
  const auto definitions = SmallDefinitions().make();
  const auto all = expand(
      *definitions, definitions->value_set_of("http://example.org/all"), 100);
  ASSERT_EQ(all.codes.size(), 3U);
  EXPECT_TRUE(all.is_complete);
  EXPECT_EQ(all.codes[0].display, "Red");
  EXPECT_FALSE(expand(*definitions,
                      definitions->value_set_of("http://example.org/all"), 2)
                   .is_complete);
  EXPECT_FALSE(expand(*definitions,
                      definitions->value_set_of("http://example.org/tests"), 9)
                   .is_complete);
}

}  // namespace
}  // namespace gateway::fhir
