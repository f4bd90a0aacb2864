// Many senders name the same practitioners, payer and clinic at the same time:
// each of them exists once, whoever came first, and nobody is sent away.

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "integration/sample_cases.h"

namespace gateway::integration {
namespace {

constexpr int kSenders = 12;
constexpr int kReferrals = 3;  // of each sender

TEST(SharedPartiesTest, ExistOnceHoweverManySendThemAtOnce) {
  RunningGateway gateway;
  std::atomic<int> refused = 0;
  std::vector<std::thread> senders;
  for (int i = 0; i < kSenders; ++i) {
    senders.emplace_back([&, i] {
      transport::HttpClient client({.target = gateway.target()});
      for (int n = 0; n < kReferrals; ++n) {
        const auto name = std::to_string(i) + "-" + std::to_string(n);
        const auto reply =
            client.send({.method = "POST",
                         .target = "/fhir",
                         .headers = {{"Content-Type", "application/fhir+json"}},
                         .body = SampleCase::referral(name)});
        if (!reply || reply->status != 200) ++refused;
      }
    });
  }
  for (auto& sender : senders) sender.join();
  EXPECT_EQ(refused, 0);
  const auto count = [&](const std::string& type) {
    return std::string(gateway.get("/fhir/" + type + "?_summary=count")
                           .root()
                           .get("total")
                           .text());
  };
  EXPECT_EQ(count("Practitioner"), "2");
  EXPECT_EQ(count("PractitionerRole"), "1");
  EXPECT_EQ(count("Organization"), "3");
  EXPECT_EQ(count("Location"), "1");
  EXPECT_EQ(count("Patient"), std::to_string(kSenders * kReferrals));
  EXPECT_EQ(count("ServiceRequest"), std::to_string(kSenders * kReferrals));
}

}  // namespace
}  // namespace gateway::integration
