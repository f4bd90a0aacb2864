// HL7 v2 over MLLP against the binary: acknowledged after the commit, stored
// as FHIR, and the same message twice has the effect of once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/running_gateway.h"
#include "transport/mllp_client.h"

namespace gateway::integration {
namespace {

using testing::HasSubstr;

class MllpTest : public testing::Test {
 protected:
  std::string exchange(const std::string& message) {
    auto answer = client_.exchange(message);
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    return answer ? *answer : std::string();
  }

  RunningGateway gateway_;
  transport::MllpClient client_{
      {.target = {.host = "127.0.0.1", .port = gateway_.mllp_port()}}};
};

TEST_F(MllpTest, AReferralIsStoredAndAcknowledgedOnce) {
  const auto message = sample_message("REF_I12/complete.hl7");
  const auto first = exchange(message);
  EXPECT_THAT(first, HasSubstr("MSA|AA|R1001"));
  const auto orders = gateway_.get("/fhir/ServiceRequest");
  EXPECT_EQ(orders.root().get("total").text(), "1");
  const auto kept = gateway_.newest_message();
  EXPECT_EQ(kept.root().get("channel").text(), "mllp");
  EXPECT_EQ(kept.root().get("controlId").text(), "R1001");
  EXPECT_EQ(kept.root().get("content").text(), message);

  EXPECT_EQ(exchange(message), first);
  EXPECT_EQ(gateway_.get("/fhir/ServiceRequest").root().get("total").text(),
            "1");
}

TEST_F(MllpTest, AKnownControlIdWithOtherBytesIsAnError) {
  const auto message = sample_message("REF_I12/complete.hl7");
  ASSERT_THAT(exchange(message), HasSubstr("MSA|AA|R1001"));
  const auto answer = exchange(with(message, "Janet", "Janine"));
  EXPECT_THAT(answer, HasSubstr("MSA|AE|R1001"));
  EXPECT_THAT(answer, HasSubstr("v2/known-control-id"));
}

TEST_F(MllpTest, WhatIsNotMappedIsRejectedWithAReason) {
  const auto message = with(sample_message("REF_I12/complete.hl7"),
                            "REF^I12^REF_I12", "ADT^A40");
  const auto answer = exchange(message);
  EXPECT_THAT(answer, HasSubstr("MSA|AR|R1001"));
  EXPECT_THAT(answer, HasSubstr("v2/unsupported-event"));
  EXPECT_EQ(gateway_.newest_message().root().get("state").text(), "rejected");
}

TEST_F(MllpTest, WhatIsNoMessageIsAnsweredAndKept) {
  const auto answer = exchange("hello");
  EXPECT_THAT(answer, HasSubstr("MSA|AR"));
  EXPECT_EQ(gateway_.newest_message().root().get("state").text(), "unparsed");
}

// PRD and PV1-7 name the same person: one Practitioner, whom the next message
// finds.
TEST_F(MllpTest, WhoIsNamedTwiceIsOne) {
  const auto first = sample_message("REF_I12/ordered.hl7");
  EXPECT_THAT(exchange(first), HasSubstr("MSA|AA|R1007"));
  EXPECT_EQ(gateway_.get("/fhir/Practitioner?identifier=1234567893")
                .root()
                .get("total")
                .text(),
            "1");
  auto second = with(with(first, "R1007", "R1008"), "RF1|A", "RF1|P");
  second = with(with(second, "R-77", "R-78"), "A-5521", "A-5522");
  second = with(second, "X-1^HIE", "X-2^HIE");
  EXPECT_THAT(exchange(second), HasSubstr("MSA|AA|R1008"));
}

}  // namespace
}  // namespace gateway::integration
