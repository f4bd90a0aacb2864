#include "episode/elements.h"

#include <gtest/gtest.h>

namespace gateway::episode {
namespace {

TEST(ElementsTest, KeysOfReferences) {
  constexpr std::string_view kBase = "https://workgate.example/fhir";
  EXPECT_EQ(key_of("Patient/1", kBase), "Patient/1");
  EXPECT_EQ(key_of("Patient/1/_history/3", kBase), "Patient/1");
  EXPECT_EQ(key_of("https://workgate.example/fhir/Patient/1", kBase),
            "Patient/1");
  EXPECT_EQ(key_of("https://other.example/fhir/Patient/1", kBase),
            "https://other.example/fhir/Patient/1");
  EXPECT_EQ(key_of("urn:uuid:1", kBase), "urn:uuid:1");
  EXPECT_EQ(key_of("#inside", kBase), "");
}

TEST(ElementsTest, OnlyRelativeReferencesMustResolveHere) {
  EXPECT_TRUE(is_local("Patient/1"));
  EXPECT_FALSE(is_local("https://other.example/Patient/1"));
  EXPECT_FALSE(is_local("urn:uuid:1"));
  EXPECT_FALSE(is_local("Patient?identifier=1"));
  EXPECT_FALSE(is_local(""));
}

TEST(ElementsTest, ReferencesAreFoundWithTheirPlaces) {
  const auto document = parse_shared(
      R"({"resourceType":"Procedure","subject":{"reference":"Patient/1"},)"
      R"("contained":[{"x":{"reference":"Patient/2"}}],)"
      R"("performer":[{"actor":{"reference":"Practitioner/3"}}]})");
  ASSERT_TRUE(document.ok());
  const auto uses = references_in((*document)->root(), "");
  ASSERT_EQ(uses.size(), 2U);
  EXPECT_EQ(uses[0].path, "Procedure.subject");
  EXPECT_EQ(uses[1].path, "Procedure.performer[0].actor");
}

TEST(ElementsTest, IdentifiersAndDates) {
  const auto document = parse_shared(
      R"({"identifier":[{"type":{"text":"x"}},{"system":"s","value":"v"}],)"
      R"("date":"2026-04-06T08:00:00-05:00","month":"2026-04","n":1.5})");
  ASSERT_TRUE(document.ok());
  const auto root = (*document)->root();
  EXPECT_EQ(business_key(root.get("identifier")), "s|v");
  EXPECT_EQ(identifier_in(root.get("identifier"), "s"), "v");
  EXPECT_EQ(date_in(root.get("date"), nullptr)->text(), "2026-04-06");
  EXPECT_FALSE(date_in(root.get("month"), nullptr));
  const auto hawaii = Zone::named("Pacific/Honolulu");
  const auto auckland = Zone::named("Pacific/Auckland");
  ASSERT_TRUE(hawaii && auckland);
  EXPECT_EQ(date_in(root.get("date"), &*hawaii)->text(), "2026-04-06");
  EXPECT_EQ(date_in(root.get("date"), &*auckland)->text(), "2026-04-07");
  EXPECT_EQ(utc_text(*instant_in(root.get("date"))), "2026-04-06T13:00:00Z");
  EXPECT_EQ(decimal_in(root.get("n"))->text(), "1.5");
}

}  // namespace
}  // namespace gateway::episode
