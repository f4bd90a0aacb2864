#include "map/map_findings.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

TEST(MapFindingsTest, ShowsCodesAndNothingElse) {
  EXPECT_EQ(shown_code("ZZ"), "\"ZZ\"");
  EXPECT_EQ(shown_code("Ann Doe"), "a text of 7 bytes");
  EXPECT_EQ(shown_code("12345678901234567"), "a text of 17 bytes");
}

TEST(MapFindingsTest, NamesThePlaceInTheMessage) {
  Rule rule;
  rule.path = "Patient.gender";
  const Scopes scopes{{Scope::Kind::group, parse::structure_named("REF_I12")}};
  rule.from = *Expression::compile("PID-8", scopes, {});
  const auto finding = unmapped_finding(rule, "sex", "Q", {3, 4});
  EXPECT_EQ(finding.expression, "PID-8");
  EXPECT_EQ(finding.seen, "\"Q\"");
  EXPECT_EQ(finding.span, (ByteSpan{3, 4}));
  EXPECT_NE(finding.text.find("Patient.gender"), std::string::npos);
  EXPECT_NE(finding.text.find("\"sex\""), std::string::npos);
  EXPECT_EQ(missing_finding(rule, rule.from, {}).expression, "PID-8");
  EXPECT_EQ(invalid_finding(rule, ConversionFault::no_offset, {}).rule,
            "time/no-offset");
  EXPECT_EQ(invalid_finding(rule, ConversionFault::malformed, {}).rule,
            "map/invalid");
}

TEST(MapFindingsTest, NamesTheFieldThatAListStandsOn) {
  Rule rule;
  rule.path = "Patient.identifier";
  const Scopes scopes{{Scope::Kind::group, parse::structure_named("REF_I12")}};
  Rule item;
  item.path = rule.path;
  item.each = *Expression::compile("PID-3", scopes, {});
  rule.members.push_back(item);
  EXPECT_EQ(missing_finding(rule, rule.from, {}).expression, "PID-3");
  EXPECT_EQ(missing_finding(item, item.from, {}).expression, "PID-3");
}

TEST(MapFindingsTest, FindsASecondPatient) {
  const auto one = referral("PID|||1\rIN1|1\rIN1|2\r");
  EXPECT_FALSE(second_patient(one.root()));
  const auto two = referral("PID|||1\rIN1|1\rPID|||2\r");
  const auto finding = second_patient(two.root());
  ASSERT_TRUE(finding.has_value());
  EXPECT_EQ(finding->rule, "v2/two-patients");
  EXPECT_EQ(finding->expression, "PID[2]");
}

}  // namespace
}  // namespace gateway::map
