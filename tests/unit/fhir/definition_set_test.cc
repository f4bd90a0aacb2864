#include "fhir/definition_set.h"

#include <gtest/gtest.h>

namespace gateway::fhir {
namespace {

TEST(DefinitionSetTest, KeepsDefinitionsOfBundlesByTheirUrl) {
  DefinitionSet set;
  ASSERT_TRUE(set.add_text(R"({"resourceType":"Bundle","entry":[
    {"resource":{"resourceType":"ValueSet","url":"http://x/a"}},
    {"resource":{"resourceType":"ValueSet"}},
    {"resource":{"resourceType":"Patient","url":"http://x/p"}},
    {"resource":{"resourceType":"ValueSet",
                 "url":"https://medplum.com/fhir/x"}}]})",
                           "bundle")
                  .ok());
  EXPECT_EQ(set.all("ValueSet").size(), 1U);
  EXPECT_TRUE(set.find("http://x/a|2.0").exists());
  EXPECT_FALSE(set.find("http://x/p").exists());
  EXPECT_EQ(set.inputs().size(), 1U);
  ASSERT_EQ(set.outcome().findings().size(), 1U);
  EXPECT_EQ(set.outcome().findings()[0].expression, "ValueSet.url");
  EXPECT_EQ(set.outcome().findings()[0].severity, Severity::warning);
}

TEST(DefinitionSetTest, ALaterDefinitionReplacesAnEarlierOne) {
  DefinitionSet set;
  for (const auto* version : {"1", "2"}) {
    ASSERT_TRUE(set.add_text(R"({"resourceType":"ValueSet","url":"http://x/a",)"
                             R"("version":")" +
                                 std::string(version) + "\"}",
                             "file")
                    .ok());
  }
  EXPECT_EQ(set.all("ValueSet").size(), 1U);
  EXPECT_EQ(set.find("http://x/a").get("version").text(), "2");
}

TEST(DefinitionSetTest, RefusesWhatIsNoJsonAndWhatIsNotThere) {
  DefinitionSet set;
  EXPECT_FALSE(set.add_text("{", "broken.json").ok());
  EXPECT_EQ(set.add_package("/nowhere/x.tgz").error().code,
            ErrorCode::not_found);
  EXPECT_TRUE(set.empty());
}

TEST(DefinitionSetTest, LeavesOutProse) {
  const auto document = parse_shared(
      R"({"url":"http://x/a","description":"long","compose":{"include":[]}})");
  EXPECT_EQ(essence((*document)->root()),
            R"({"url":"http://x/a","compose":{"include":[]}})");
}

}  // namespace
}  // namespace gateway::fhir
