#include "fhir/element_path.h"

#include <gtest/gtest.h>

#include "unit/fhir/small_definitions.h"

namespace gateway::fhir {
namespace {

TEST(ElementPathTest, NamesChoicesItemsAndSiblings) {
  const auto definitions = SmallDefinitions().make();
  const auto document = JsonDocument::parse(
      R"({"resourceType":"Thing","valueBoolean":true,)"
      R"("_label":[{"id":"a"}],"part":[{"name":"x"},{"name":"y"}],"odd":1})",
      definitions->keys());
  ASSERT_TRUE(document.ok());
  const Json root = document->root();
  EXPECT_EQ(element_path(*definitions, root), "Thing");
  EXPECT_EQ(element_path(*definitions, root.get("valueBoolean")),
            "Thing.value.ofType(boolean)");
  EXPECT_EQ(element_path(*definitions, root.get("part").at(1).get("name")),
            "Thing.part[1].name");
  EXPECT_EQ(element_path(*definitions, root.get("_label").at(0)),
            "Thing.label[0]");
  EXPECT_EQ(element_path(*definitions, root.get("odd")), "Thing.odd");
  EXPECT_EQ(element_path(*definitions, Json()), "");
}

}  // namespace
}  // namespace gateway::fhir
