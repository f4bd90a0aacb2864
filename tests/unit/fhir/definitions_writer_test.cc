#include "fhir/definitions_writer.h"

#include <gtest/gtest.h>

namespace gateway::fhir {
namespace {

TEST(DefinitionsWriterTest, StoresEqualTextsOnce) {
  DefinitionsWriter writer;
  const auto first = writer.text("Patient");
  EXPECT_EQ(writer.text("Patient").offset, first.offset);
  EXPECT_EQ(writer.read(first), "Patient");
  EXPECT_EQ(writer.text("").length, 0U);
}

TEST(DefinitionsWriterTest, NumbersNamesInTheOrderOfTheirArrival) {
  DefinitionsWriter writer;
  EXPECT_EQ(writer.key("id"), 0U);
  EXPECT_EQ(writer.key("name"), 1U);
  EXPECT_EQ(writer.key("id"), 0U);
  EXPECT_EQ(writer.key_name(1), "name");
}

TEST(DefinitionsWriterTest, ALaterArtifactReplacesAnEarlierOne) {
  DefinitionsWriter writer;
  writer.publish("http://example.org/x", ArtifactKind::shape, 1);
  writer.publish("http://example.org/x", ArtifactKind::shape, 2);
  EXPECT_EQ(writer.find("http://example.org/x|3", ArtifactKind::shape), 2U);
  EXPECT_EQ(writer.find("http://example.org/x", ArtifactKind::value_set),
            kNone);
}

TEST(DefinitionsWriterTest, EqualExpressionsShareAProgram) {
  DefinitionsWriter writer;
  const auto first = writer.program("a.exists()");
  EXPECT_EQ(writer.program("a.exists()"), first);
  EXPECT_NE(writer.program("b.exists()"), first);
}

}  // namespace
}  // namespace gateway::fhir
