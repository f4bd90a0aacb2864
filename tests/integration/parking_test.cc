// A message with a code that no table knows is taken and waits; the row that
// says what the code means releases it, over a crash of the gateway too.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "integration/running_gateway.h"
#include "integration/scratch_site.h"
#include "transport/mllp_client.h"

namespace gateway::integration {
namespace {

using testing::HasSubstr;

class ParkingTest : public testing::Test {
 protected:
  std::string exchange(const std::string& message) {
    transport::MllpClient client(
        {.target = {.host = "127.0.0.1", .port = gateway_.mllp_port()}});
    const auto answer = client.exchange(message);
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    return answer ? *answer : std::string();
  }
  // Of a patient whose sex is `code`, under an order of its own.
  static std::string referral(const std::string& code,
                              const std::string& number) {
    auto text = sample_message("REF_I12/ordered.hl7");
    text = with(text, "|F|||2 Oak", "|" + code + "|||2 Oak");
    text = with(text, "P-100", "P-" + number);
    text = with(text, "R1007", "R" + number);
    text = with(text, "A-5521", "A-" + number);
    text = with(text, "X-1^HIE", "X-" + number + "^HIE");
    text = with(text, "WC-2026-0042", "WC-" + number);
    return with(with(text, "R-77", "R-" + number), "R-77", "R-" + number);
  }
  void add_row(const std::string& code) {
    site_.write("mappings/tables/sex.csv",
                site_.text("mappings/tables/sex.csv") + code + ",unknown\n");
  }
  std::string total(const std::string& query) {
    return std::string(
        gateway_.get("/fhir/" + query).root().get("total").text());
  }
  // Until a search finds so many.
  void wait_for(const std::string& query, const std::string& count) {
    for (int i = 0; i < 6'000; ++i) {
      if (total(query) == count) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << query << " never gave " << count << ": "
                  << gateway_.said();
  }

  ScratchSite site_;
  RunningGateway gateway_{site_.path("config/gateway.yaml")};
};

TEST_F(ParkingTest, ARowReleasesWhatWaitedForItAfterACrash) {
  const auto first = exchange(referral("Q7", "1"));
  EXPECT_THAT(first, HasSubstr("MSA|AA|R1"));
  EXPECT_THAT(first, HasSubstr("PID^1^8"));
  EXPECT_THAT(first, HasSubstr("map/unmapped"));
  EXPECT_THAT(exchange(referral("Q8", "2")), HasSubstr("MSA|AA|R2"));
  // What follows about the first order waits behind it.
  auto session = sample_message("ADT_A03/session.hl7");
  session = with(with(session, "P-100", "P-1"), "R-77", "R-1");
  EXPECT_THAT(exchange(session), HasSubstr("MSA|AA|A4002"));

  const auto tasks = gateway_.get("/fhir/Task?status=requested");
  EXPECT_EQ(tasks.root().get("total").text(), "3");
  EXPECT_THAT(tasks.body, HasSubstr("/map-table/sex\",\"code\":\"Q7\""));
  EXPECT_THAT(tasks.body, HasSubstr("\"text\":\"PID-8\""));
  EXPECT_THAT(tasks.body, HasSubstr("map/waits-behind"));
  EXPECT_EQ(total("ServiceRequest"), "0");

  gateway_.kill();
  gateway_.start();
  EXPECT_EQ(total("Task?status=requested"), "3");
  EXPECT_EQ(total("ServiceRequest"), "0");

  add_row("Q7");
  const auto reloaded =
      gateway_.send("POST", "/configuration/$reload", {},
                    {{"X-Workgate-Partner", "demo-operator"}});
  EXPECT_EQ(reloaded.status, 200) << reloaded.body;
  wait_for("Procedure", "1");
  EXPECT_EQ(total("ServiceRequest"), "1");
  EXPECT_EQ(total("ServiceRequest?identifier=R-1"), "1");
  EXPECT_EQ(total("Claim"), "1");
  const auto waiting = gateway_.get("/fhir/Task?status=requested");
  EXPECT_THAT(waiting.body, HasSubstr("\"code\":\"Q8\""));
  EXPECT_THAT(waiting.body, testing::Not(HasSubstr("\"code\":\"Q7\"")));

  // The row is there before the process is: a start releases as well.
  gateway_.kill();
  add_row("Q8");
  gateway_.start();
  wait_for("ServiceRequest", "2");
  // And nothing happens twice.
  gateway_.hang_up();
  EXPECT_THAT(exchange(referral("Q7", "1")), HasSubstr("MSA|AA|R1"));
  EXPECT_EQ(total("ServiceRequest"), "2");
  EXPECT_EQ(total("Claim"), "1");
}

}  // namespace
}  // namespace gateway::integration
