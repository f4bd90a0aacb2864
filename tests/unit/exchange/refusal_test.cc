#include "exchange/refusal.h"

#include <gtest/gtest.h>

namespace gateway::exchange {
namespace {

TEST(RefusalTest, ErrorsKeepTheirByte) {
  const auto refused = refusal_of(
      {.code = ErrorCode::invalid, .message = "not JSON", .offset = 17});
  EXPECT_EQ(refused.status, 400);
  const auto& finding = refused.outcome.findings().front();
  EXPECT_EQ(finding.rule, "rest/invalid");
  EXPECT_EQ(finding.text, "not JSON");
  ASSERT_TRUE(finding.span);
  EXPECT_EQ(finding.span->begin, 17U);
}

TEST(RefusalTest, TellsWhenToTryAgain) {
  for (const auto code : {ErrorCode::busy, ErrorCode::unavailable}) {
    const auto refused = refusal_of({.code = code, .message = "later"});
    ASSERT_EQ(refused.headers.size(), 1U);
    EXPECT_EQ(refused.headers.front().first, "Retry-After");
  }
}

TEST(RefusalTest, AFullDiskIs507) {
  const auto refused = refusal_of({.code = ErrorCode::unavailable,
                                   .message = "no room",
                                   .disk_full = true});
  EXPECT_EQ(refused.status, 507);
}

TEST(RefusalTest, EveryCodeHasAStatus) {
  const std::pair<ErrorCode, int> kCases[] = {
      {ErrorCode::invalid, 400},     {ErrorCode::unsupported, 422},
      {ErrorCode::too_large, 413},   {ErrorCode::unauthorized, 401},
      {ErrorCode::forbidden, 403},   {ErrorCode::not_found, 404},
      {ErrorCode::conflict, 409},    {ErrorCode::busy, 429},
      {ErrorCode::unavailable, 503}, {ErrorCode::fault, 500}};
  for (const auto& [code, status] : kCases) {
    EXPECT_EQ(refusal_of({.code = code, .message = "m"}).status, status);
  }
}

}  // namespace
}  // namespace gateway::exchange
