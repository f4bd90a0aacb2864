#include "parse/hl7v2_structure.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gateway::parse {
namespace {

TEST(Hl7v2StructureTest, IsFoundByEventThenByName) {
  EXPECT_EQ(structure_of("", "REF^I12").name, "REF_I12");
  EXPECT_EQ(structure_of("REF_I12", "REF^I14").name, "REF_I12");
  EXPECT_EQ(structure_of("ADT_A01", "ADT^A03").name, "ADT_A03");
  EXPECT_EQ(structure_of("ADT_A01", "ADT^A99").name, "ADT_A01");
  EXPECT_TRUE(structure_of("", "ORU^R01").name.empty());
  EXPECT_FALSE(structure_of("", "ORU^R01").is_group());
  EXPECT_EQ(structure_named("XXX_X01"), nullptr);
}

TEST(Hl7v2StructureTest, KnowsWhichEventsThereAre) {
  EXPECT_EQ(structure_of_event("REF^I13"), "REF_I12");
  EXPECT_EQ(structure_of_event("ADT^A05"), "");
  EXPECT_TRUE(is_known_event("ADT^A05"));
  EXPECT_TRUE(is_known_event("ADT^Z01"));
  EXPECT_FALSE(is_known_event("ADT^A99"));
  EXPECT_FALSE(is_known_event("REF_I12"));
  EXPECT_FALSE(is_known_event(""));
}

TEST(Hl7v2StructureTest, KnowsItsMembers) {
  const auto* referral = structure_named("REF_I12");
  ASSERT_NE(referral, nullptr);
  EXPECT_TRUE(referral->contains({"IN2"}));
  EXPECT_FALSE(referral->contains({"SCH"}));
  const auto* order = structure_named("ORM_O01");
  const auto& group = order->members.back();
  EXPECT_EQ(group.name, "ORDER");
  EXPECT_TRUE(group.repeats);
  EXPECT_TRUE(group.required);
  EXPECT_TRUE(group.begins_with({"ORC"}));
  EXPECT_FALSE(group.begins_with({"OBR"}));
  EXPECT_TRUE(group.contains({"OBR"}));
}

// Results that follow an order have an ORC of their own.
TEST(Hl7v2StructureTest, TellsSegmentsByTheirCodes) {
  const auto& members = structure_named("REF_I12")->members;
  const auto named = [&](std::string_view name) {
    return *std::find_if(members.begin(), members.end(),
                         [&](const auto& one) { return one.name == name; });
  };
  EXPECT_TRUE(named("OBSERVATION").begins_with({"ORC", "RE"}));
  EXPECT_FALSE(named("OBSERVATION").contains({"ORC", "NW"}));
  EXPECT_TRUE(named("ORDER").begins_with({"ORC", "RE"}));
  EXPECT_TRUE(named("ORDER").begins_with({"ORC"}));
}

}  // namespace
}  // namespace gateway::parse
