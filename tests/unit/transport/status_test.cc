#include "transport/status.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace gateway::transport {
namespace {

struct Row {
  ErrorCode code;
  int http;
  std::string_view ack;
};

TEST(StatusTest, EveryCodeHasItsOutwardForm) {
  const std::vector<Row> rows = {
      {ErrorCode::invalid, 400, "AR"},     {ErrorCode::unsupported, 422, "AR"},
      {ErrorCode::too_large, 413, "AR"},   {ErrorCode::unauthorized, 401, "AR"},
      {ErrorCode::forbidden, 403, "AR"},   {ErrorCode::not_found, 404, "AE"},
      {ErrorCode::conflict, 409, "AE"},    {ErrorCode::busy, 429, "AR"},
      {ErrorCode::unavailable, 503, "AR"}, {ErrorCode::fault, 500, "AR"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(outward(row.code).http, row.http);
    EXPECT_EQ(outward(row.code).ack, row.ack);
    EXPECT_NE(reason_phrase(row.http), "Status");
  }
}

TEST(StatusTest, UnknownCodesHaveANeutralPhrase) {
  EXPECT_EQ(reason_phrase(299), "Status");
}

}  // namespace
}  // namespace gateway::transport
