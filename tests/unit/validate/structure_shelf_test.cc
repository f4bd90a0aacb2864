#include "validate/structure_shelf.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

TEST(StructureShelfTest, MakesSnapshotsOfWhatBuildsOnEachOther) {
  fhir::DefinitionSet set;
  auto child = profile_text("child", "Patient",
                            R"([{"path":"Patient.name","max":"1"}])");
  const std::string kBase = "http://hl7.org/fhir/StructureDefinition/Patient";
  child.replace(child.find(kBase), kBase.size(), "http://example.org/parent");
  ASSERT_TRUE(set.add_text(child, "test").ok());
  ASSERT_TRUE(set.add_text(profile_text("parent", "Patient",
                                        R"([{"path":"Patient.name","min":1}])"),
                           "test")
                  .ok());
  fhir::Outcome outcome;
  StructureShelf shelf(set, core().get(), outcome);
  EXPECT_EQ(shelf.all().size(), 2U);
  EXPECT_TRUE(outcome.empty());
  for (const Json element :
       shelf.find("http://example.org/child").get("snapshot").get("element")) {
    if (element.get("path").text() != "Patient.name") continue;
    EXPECT_EQ(element.get("min").text(), "1");
    EXPECT_EQ(element.get("max").text(), "1");
  }
}

TEST(StructureShelfTest, ReportsUnknownBasesAndCircles) {
  fhir::DefinitionSet set;
  for (const auto& [name, base] :
       {std::pair("a", "b"), std::pair("b", "a"), std::pair("c", "none")}) {
    ASSERT_TRUE(set.add_text(R"({"resourceType":"StructureDefinition","url":)"
                             R"("http://example.org/)" +
                                 std::string(name) +
                                 R"(","baseDefinition":"http://example.org/)" +
                                 base + R"(","differential":{"element":[]}})",
                             "test")
                    .ok());
  }
  fhir::Outcome outcome;
  StructureShelf shelf(set, core().get(), outcome);
  EXPECT_TRUE(shelf.all().empty());
  EXPECT_GE(outcome.findings().size(), 3U);
  EXPECT_FALSE(outcome.acceptable());
}

}  // namespace
}  // namespace gateway::validate
