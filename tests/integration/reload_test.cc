// The configuration of a running gateway is replaced as a whole, or not at
// all; messages go on the while.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "integration/running_gateway.h"
#include "integration/scratch_site.h"
#include "transport/mllp_client.h"

namespace gateway::integration {
namespace {

using testing::HasSubstr;

constexpr const char* kConfiguration = "config/gateway.yaml";
constexpr const char* kReferralMap = "mappings/hl7v2/messages/REF_I12.yaml";

class ReloadTest : public testing::Test {
 protected:
  Reply operate(const std::string& method, const std::string& target) {
    return gateway_.send(method, target, {},
                         {{"X-Workgate-Partner", "demo-operator"}});
  }
  std::string hash() {
    return std::string(gateway_.get("/configuration", "demo-operator")
                           .root()
                           .find("current.hash")
                           .text());
  }
  // The value of a metric's line that begins so; 0 if there is none.
  int figure(const std::string& line) {
    const auto text = gateway_.get("/metrics").body;
    const auto at = text.find(line + " ");
    return at == std::string::npos
               ? 0
               : std::stoi(text.substr(at + line.size() + 1));
  }
  int attempts(const std::string& result) {
    return figure("workgate_reloads_total{result=\"" + result + "\"}");
  }
  // SIGHUP, until that result was counted.
  void reload(const std::string& result) {
    const int before = attempts(result);
    gateway_.hang_up();
    for (int i = 0; i < 6'000; ++i) {
      if (attempts(result) > before) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "no reload ended as " << result << ": " << gateway_.said();
  }

  // Whether stderr tells it, which may be a little after the metrics do.
  bool says(const std::string& words) {
    for (int i = 0; i < 1'000; ++i) {
      if (gateway_.said().find(words) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  ScratchSite site_;
  RunningGateway gateway_{site_.path(kConfiguration)};
};

TEST_F(ReloadTest, WhatIsNewCountsFromTheNextMessage) {
  const auto before = hash();
  EXPECT_EQ(gateway_.get("/fhir/Patient", "newcomer").status, 401);
  site_.change(kConfiguration, "  demo-operator:",
               "  newcomer:\n    role: ehr\n  demo-operator:");
  reload("done");
  EXPECT_NE(hash(), before);
  EXPECT_EQ(gateway_.get("/fhir/Patient", "newcomer").status, 200);

  EXPECT_EQ(operate("POST", "/configuration/$rollback").status, 200);
  EXPECT_EQ(hash(), before);
  EXPECT_EQ(gateway_.get("/fhir/Patient", "newcomer").status, 401);
  EXPECT_THAT(gateway_.get("/health/ready").body, HasSubstr("rolled back"));

  EXPECT_EQ(operate("POST", "/configuration/$reload").status, 200);
  EXPECT_EQ(gateway_.get("/fhir/Patient", "newcomer").status, 200);
}

TEST_F(ReloadTest, WhatIsWrongChangesNothingAndSaysWhere) {
  struct Case {
    const char* file;
    const char* from;
    const char* to;
    const char* stage;
    const char* place;  // file:line:column, as far as it is the same always
  };
  const Case kCases[] = {
      {kConfiguration, "role: operator", "role: oprator", "settings",
       "gateway.yaml:"},
      {kConfiguration, "openPartner: demo-ehr", "openPartner: nobody",
       "settings", "gateway.yaml:"},
      {kConfiguration, "version: 1", "version: [1", "settings",
       "gateway.yaml:"},
      {"config/policies/medicare.yaml", "id:", "idd:", "packs",
       "medicare.yaml:"},
      {kReferralMap, "$use: CareTeam", "$use: CareTaem", "maps",
       "REF_I12.yaml:"},
      {"mappings/hl7v2/messages/cases/REF_I12/complete.expect.json",
       "\"mapped\"", "\"reject\"", "cases", "REF_I12/complete"}};
  const auto before = hash();
  for (const auto& bad : kCases) {
    const auto kept = site_.text(bad.file);
    site_.change(bad.file, bad.from, bad.to);
    reload(bad.stage);
    EXPECT_EQ(hash(), before) << bad.to;
    const auto ready = gateway_.get("/health/ready");
    EXPECT_EQ(ready.status, 200);
    EXPECT_THAT(ready.body, HasSubstr(bad.place)) << bad.to;
    EXPECT_TRUE(says(bad.place)) << bad.to << "\n" << gateway_.said();
    EXPECT_EQ(figure(std::string("workgate_reload_failed{stage=\"") +
                     bad.stage + "\"}"),
              1);
    EXPECT_EQ(operate("POST", "/configuration/$reload").status, 409);
    site_.write(bad.file, kept);
  }
  reload("done");
  EXPECT_EQ(hash(), before);
  EXPECT_EQ(figure("workgate_reload_failed{stage=\"\"}"), 0);
}

// Sends until it is told to stop; counts what was not taken.
class Traffic {
 public:
  explicit Traffic(const RunningGateway& gateway)
      : http_([this, &gateway] { post_patients(gateway); }),
        mllp_([this, &gateway] { send_referrals(gateway); }) {}
  ~Traffic() { stop(); }
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  void stop() {
    stopping_ = true;
    if (http_.joinable()) http_.join();
    if (mllp_.joinable()) mllp_.join();
  }
  [[nodiscard]] int patients() const { return patients_; }
  [[nodiscard]] int referrals() const { return referrals_; }
  [[nodiscard]] int failures() const { return failures_; }

 private:
  void post_patients(const RunningGateway& gateway) {
    transport::HttpClient client({.target = gateway.target()});
    while (!stopping_) {
      const auto answer =
          client.send({.method = "POST",
                       .target = "/fhir/Patient",
                       .headers = {{"Content-Type", "application/fhir+json"}},
                       .body = R"({"resourceType":"Patient"})"});
      ++(answer && answer->status == 201 ? patients_ : failures_);
    }
  }
  void send_referrals(const RunningGateway& gateway) {
    transport::MllpClient client(
        {.target = {.host = "127.0.0.1", .port = gateway.mllp_port()}});
    const auto message = sample_message("REF_I12/complete.hl7");
    for (int i = 0; !stopping_; ++i) {
      const auto id = "T" + std::to_string(i);
      const auto answer = client.exchange(with(message, "R1001", id));
      const bool taken =
          answer && answer->find("MSA|AA|" + id) != std::string::npos;
      ++(taken ? referrals_ : failures_);
    }
  }

  std::atomic<bool> stopping_ = false;
  std::atomic<int> patients_ = 0;
  std::atomic<int> referrals_ = 0;
  std::atomic<int> failures_ = 0;
  std::thread http_;
  std::thread mllp_;
};

TEST_F(ReloadTest, FiftyReloadsDisturbNoMessage) {
  Traffic traffic(gateway_);
  for (int i = 0; i < 50; ++i) {
    site_.change(kConfiguration, i % 2 == 0 ? "\"92.00\"" : "\"93.00\"",
                 i % 2 == 0 ? "\"93.00\"" : "\"92.00\"");
    reload("done");
  }
  // Those under way when the last edition came have their end too.
  const int seen = traffic.referrals();
  for (int i = 0; i < 6'000 && traffic.referrals() <= seen; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  traffic.stop();
  EXPECT_EQ(traffic.failures(), 0);
  EXPECT_GT(traffic.patients(), 0);
  EXPECT_GT(traffic.referrals(), seen);
  EXPECT_EQ(attempts("done"), 50);
}

}  // namespace
}  // namespace gateway::integration
