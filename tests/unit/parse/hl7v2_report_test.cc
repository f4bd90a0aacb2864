#include "parse/hl7v2_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace gateway::parse {
namespace {

using testing::HasSubstr;

TEST(Hl7v2ReportTest, ListsValuesWithTheirBytes) {
  const auto text = report(*Hl7v2Message::parse(
      "MSH|^~\\&|||||||REF^I12|M1||2.5.1\rPID|||A~B^^^X&1\\T\\2\rIN1|1\r"
      "ZZZ|z\r"));
  ASSERT_TRUE(JsonDocument::parse(text).ok());
  EXPECT_THAT(text, HasSubstr(R"("event":"REF^I12","structure":"REF_I12")"));
  EXPECT_THAT(text, HasSubstr(R"({"path":"PID-3[2].4.2",)"
                              R"("name":"Patient Identifier List",)"
                              R"("type":"CX","text":"1&2","span":[47,52]})"));
  EXPECT_THAT(text, HasSubstr(R"("segment":"IN1","group":"INSURANCE")"));
  EXPECT_THAT(text, HasSubstr(R"("problem":"not of this structure")"));
  EXPECT_THAT(text, HasSubstr(R"("problem":"missing")"));
}

}  // namespace
}  // namespace gateway::parse
