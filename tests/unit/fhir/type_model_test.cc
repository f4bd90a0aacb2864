#include "fhir/type_model.h"

#include <gtest/gtest.h>

#include "unit/fhir/small_definitions.h"

namespace gateway::fhir {
namespace {

TEST(TypeModelTest, KnowsTypesElementsAndChoices) {
  const auto definitions = SmallDefinitions().make();
  const TypeModel model(*definitions);
  const auto thing = model.find("Thing");
  ASSERT_NE(thing, kNoType);
  EXPECT_EQ(model.name(thing), "Thing");
  EXPECT_EQ(model.kind(thing), TypeKind::resource);
  EXPECT_EQ(model.element_count(thing), 5U);

  const auto value = model.element(thing, "value");
  ASSERT_TRUE(value);
  EXPECT_TRUE(value->is_choice());
  EXPECT_EQ(value->type_count(), 2U);
  EXPECT_EQ(model.name(value->type(1).type), "boolean");
  EXPECT_FALSE(model.element(thing, "valueString"));

  const auto label = model.element(thing, "label");
  ASSERT_TRUE(label);
  EXPECT_TRUE(label->repeats());
  EXPECT_EQ(model.primitive(label->type(0).type), Primitive::string);
}

TEST(TypeModelTest, KnowsMembersByNumber) {
  const auto definitions = SmallDefinitions().make();
  const TypeModel model(*definitions);
  const auto member =
      model.member(model.find("Thing"), model.keys().find("_label"));
  ASSERT_TRUE(member);
  EXPECT_EQ(member->element.name(), "label");
  EXPECT_TRUE(member->is_sibling);
  EXPECT_FALSE(model.member(kNoType, 0));
}

}  // namespace
}  // namespace gateway::fhir
