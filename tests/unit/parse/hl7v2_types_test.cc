#include "parse/hl7v2_types.h"

#include <gtest/gtest.h>

namespace gateway::parse {
namespace {

TEST(Hl7v2TypesTest, CountsTheComponentsOfAllVersions) {
  EXPECT_EQ(component_count("XPN"), 15U);
  EXPECT_EQ(component_count("CX"), 12U);
  EXPECT_EQ(component_count("CWE"), 22U);
  EXPECT_EQ(component_count("XAD"), 23U);
  EXPECT_EQ(component_count("XCN"), 25U);
  EXPECT_EQ(component_count("NM"), 1U);
  EXPECT_EQ(component_count("Varies"), 0U);
}

TEST(Hl7v2TypesTest, KnowsWhatComponentsAreMadeOf) {
  EXPECT_EQ(component_type("XPN", 1), "FN");
  EXPECT_EQ(component_type("CX", 4), "HD");
  EXPECT_EQ(component_type("CX", 99), "");
  EXPECT_EQ(component_type("ZZ", 1), "");
}

TEST(Hl7v2TypesTest, TakesTheVersionThatHasTheMost) {
  EXPECT_EQ(widest_type("PID", 5), "XPN");
  EXPECT_EQ(widest_type("AUT", 9), "CQ");   // a number before
  EXPECT_EQ(widest_type("PID", 8), "CWE");  // a code before 2.7
  EXPECT_EQ(widest_type("RF1", 15), "CQ");  // only in newer versions
  EXPECT_EQ(widest_type("OBX", 5), "");     // as OBX-2 says
  EXPECT_EQ(widest_type("ZWC", 1), "");
  EXPECT_EQ(widest_type("RF1", 19), "");   // 2.9 moved it
  EXPECT_EQ(widest_type("ORC", 7), "TQ");  // withdrawn later
}

}  // namespace
}  // namespace gateway::parse
