#include "fhir/definitions.h"

#include <gtest/gtest.h>

#include "unit/fhir/small_definitions.h"

namespace gateway::fhir {
namespace {

TEST(DefinitionsTest, FindsArtifactsByUrlWithAndWithoutVersion) {
  const auto definitions = SmallDefinitions().make();
  EXPECT_NE(definitions->type_named("Thing"), kNone);
  EXPECT_EQ(definitions->type_named("Thong"), kNone);
  EXPECT_NE(definitions->value_set_of("http://example.org/warm|1.0"), kNone);
  EXPECT_EQ(definitions->value_set_of("http://example.org/colors"), kNone);
}

TEST(DefinitionsTest, FindsMembersByTheNumberOfTheirName) {
  const auto definitions = SmallDefinitions().make();
  const auto& thing = definitions->shapes[definitions->type_named("Thing")];
  const auto* slot =
      definitions->slot(thing, definitions->keys().find("_valueBoolean"));
  ASSERT_NE(slot, nullptr);
  EXPECT_EQ(slot->element, 3);
  EXPECT_EQ(slot->type, 1);
  EXPECT_EQ(slot->sibling, 1);
  EXPECT_EQ(definitions->slot(thing, definitions->keys().find("name")),
            nullptr);
}

TEST(DefinitionsTest, AnOverlayContinuesTheTablesOfItsBase) {
  const auto base = SmallDefinitions().make();
  DefinitionsWriter writer(base.get());
  const auto key = writer.key("colour");
  EXPECT_EQ(key, base->keys().size());
  EXPECT_EQ(writer.key("label"), base->keys().find("label"));
  ShapeRow shape;
  shape.name = writer.text("Other");
  shape.base = writer.find("Thing", ArtifactKind::shape);
  writer.publish("http://example.org/Other", ArtifactKind::shape,
                 writer.shapes.add(shape));
  const auto both = Definitions::over(
      base, std::move(*DefinitionsImage::from_bytes(writer.finish())));
  const auto other = both->shape_of("http://example.org/Other");
  ASSERT_NE(other, kNone);
  EXPECT_EQ(both->text(both->shapes[other].name), "Other");
  EXPECT_TRUE(both->derives(other, both->type_named("Thing")));
  EXPECT_EQ(both->keys().find("colour"), key);
  EXPECT_EQ(both->type_named("Thing"), base->type_named("Thing"));
}

}  // namespace
}  // namespace gateway::fhir
