#include "parse/hl7v2_fields.h"

#include <gtest/gtest.h>

namespace gateway::parse {
namespace {

TEST(Hl7v2FieldsTest, NamesDependOnTheVersion) {
  EXPECT_EQ(field_of("PID", 5, "2.5.1").name, "Patient Name");
  EXPECT_EQ(field_of("PID", 5, "2.5.1").type, "XPN");
  EXPECT_EQ(field_of("AUT", 9, "2.5.1").type, "NM");
  EXPECT_EQ(field_of("AUT", 9, "2.8").type, "CQ");
  EXPECT_EQ(field_of("RF1", 24, "2.5.1").type, "ID");  // only 2.8.1 has it
  EXPECT_EQ(field_of("OBX", 5, "2.5.1").name, "Observation Value");
  EXPECT_TRUE(field_of("PID", 0, "2.5.1").name.empty());
  EXPECT_TRUE(field_of("PID", 99, "2.5.1").name.empty());
  EXPECT_TRUE(field_of("ZZZ", 1, "2.5.1").name.empty());
}

TEST(Hl7v2FieldsTest, CountsTheFieldsOfAllVersions) {
  EXPECT_EQ(field_count("PID"), 40U);
  EXPECT_EQ(field_count("IN2"), 72U);
  EXPECT_EQ(field_count("ZZZ"), 0U);
}

}  // namespace
}  // namespace gateway::parse
