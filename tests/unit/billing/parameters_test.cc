#include "billing/parameters.h"

#include <gtest/gtest.h>

namespace gateway::billing {
namespace {

TEST(ParametersTest, WritesPartsAndLeavesOutWhatIsEmpty) {
  ParametersWriter out;
  out.begin_group("line")
      .number("units", "0.75")
      .text("rule", "")
      .reference("input", "Procedure/1/_history/2")
      .end_group();
  EXPECT_EQ(out.take(),
            R"({"resourceType":"Parameters","parameter":[{"name":"line",)"
            R"("part":[{"name":"units","valueDecimal":0.75},)"
            R"({"name":"input","valueReference":{"reference":)"
            R"("Procedure/1/_history/2"}}]}]})");
}

}  // namespace
}  // namespace gateway::billing
