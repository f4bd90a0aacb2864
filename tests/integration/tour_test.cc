// The first command's promise: one command, and a referral becomes claims.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

#include "folders.h"

namespace gateway::integration {
namespace {

using testing::HasSubstr;

TEST(TourTest, EndsWithTheFiguresOfACleanWeek) {
  const std::string command = std::string(GATEWAY_BINARY_DIR) +
                              "/workgate tour --once --config " +
                              GATEWAY_SOURCE_DIR + "/config/gateway.yaml 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer{};
  while (fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    output += buffer.data();
  }
  EXPECT_EQ(WEXITSTATUS(pclose(pipe)), 0) << output;
  EXPECT_THAT(output, HasSubstr("$1,418.00"));
  EXPECT_THAT(output, HasSubstr("visits 5 of 12"));
  EXPECT_THAT(output, HasSubstr("ledger/fewer-than-ordered"));
}

}  // namespace
}  // namespace gateway::integration
