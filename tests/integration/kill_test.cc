// SIGKILL at random moments under load, again and again: nothing that was
// acknowledged is lost, nothing is there twice.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include "integration/running_gateway.h"
#include "integration/sample_cases.h"

namespace gateway::integration {
namespace {

constexpr int kSenders = 8;

// When a sender notes that its message was acknowledged.
enum class Noted {
  after_the_answer,
  before_it,  // the control: what a gateway that answers too early would do
};

struct Sent {
  std::string key;
  std::string body;
};

struct Tally {
  int acknowledged = 0;
  int lost = 0;
  int twice = 0;
};

// One sender's messages, in order; the last may have no answer.
class Sender {
 public:
  Sender(RunningGateway& gateway, SampleCase sample, Noted noted)
      : gateway_(gateway), sample_(std::move(sample)), noted_(noted) {}

  void run(const std::atomic<bool>& stop) {
    transport::HttpClient client({.target = gateway_.target()});
    if (open_ && !send(client)) return;
    while (!stop) {
      const auto session = sample_.session(next_++);
      open_ = Sent{session.key, session.body};
      if (!send(client)) return;
    }
  }
  [[nodiscard]] const std::vector<std::string>& acknowledged() const {
    return acknowledged_;
  }
  // Sends again what had no answer: it has the effect of once.
  void settle() {
    transport::HttpClient client({.target = gateway_.target()});
    if (open_) {
      EXPECT_TRUE(send(client));
    }
  }

 private:
  bool send(transport::HttpClient& client) {
    if (noted_ == Noted::before_it) note();
    const auto reply =
        client.send({.method = "POST",
                     .target = "/fhir/Procedure",
                     .headers = {{"Content-Type", "application/fhir+json"}},
                     .body = open_->body});
    if (!reply) {
      // Who has an answer does not send again.
      if (noted_ == Noted::before_it) open_.reset();
      return false;
    }
    EXPECT_LT(reply->status, 300) << reply->body;
    if (noted_ == Noted::after_the_answer) note();
    open_.reset();
    return true;
  }
  void note() { acknowledged_.push_back(open_->key); }

  RunningGateway& gateway_;
  SampleCase sample_;
  Noted noted_;
  int next_ = 0;
  std::optional<Sent> open_;
  std::vector<std::string> acknowledged_;
};

Tally check(RunningGateway& gateway, const std::vector<Sender>& senders) {
  Tally tally;
  for (const auto& sender : senders) {
    for (const auto& key : sender.acknowledged()) {
      ++tally.acknowledged;
      const auto found = gateway.get(
          "/fhir/Procedure?_summary=count&identifier="
          "https://ehr.example/sessions|" +
          key);
      const auto total = std::string(found.root().get("total").text());
      if (total == "0") ++tally.lost;
      if (total != "0" && total != "1") ++tally.twice;
    }
  }
  return tally;
}

// Kills the gateway `kills` times while eight senders post sessions.
Tally kill_under_load(int kills, Noted noted) {
  RunningGateway gateway;
  std::mt19937 random(20260406);  // NOLINT: the same run each time
  std::vector<Sender> senders;
  for (int i = 0; i < kSenders; ++i) {
    senders.emplace_back(
        gateway, SampleCase::refer(gateway, std::to_string(random())), noted);
  }
  for (int i = 0; i < kills; ++i) {
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (auto& sender : senders) {
      threads.emplace_back([&] { sender.run(stop); });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5 + random() % 60));
    gateway.kill();
    stop = true;
    for (auto& thread : threads) thread.join();
    gateway.start();
  }
  const auto before = check(gateway, senders);
  if (noted == Noted::before_it) return before;
  for (auto& sender : senders) sender.settle();
  const auto after = check(gateway, senders);
  const auto claims = gateway.get("/fhir/Claim?_summary=count");
  EXPECT_EQ(claims.root().get("total").text(),
            std::to_string(after.acknowledged));
  return {before.acknowledged, before.lost + after.lost,
          before.twice + after.twice};
}

TEST(KillTest, LosesAndDoublesNothingThatWasAcknowledged) {
  Tally all;
  for (int generation = 0; generation < 10; ++generation) {
    const auto tally = kill_under_load(20, Noted::after_the_answer);
    all.acknowledged += tally.acknowledged;
    all.lost += tally.lost;
    all.twice += tally.twice;
  }
  std::cout << "200 kills: " << all.acknowledged << " acknowledged, "
            << all.lost << " lost, " << all.twice << " twice\n";
  EXPECT_GT(all.acknowledged, 400);
  EXPECT_EQ(all.lost, 0);
  EXPECT_EQ(all.twice, 0);
}

TEST(KillTest, NoticesAcknowledgementsThatComeTooEarly) {
  const auto tally = kill_under_load(20, Noted::before_it);
  std::cout << "control: " << tally.lost << " of " << tally.acknowledged
            << " lost\n";
  EXPECT_GT(tally.lost, 0);
}

}  // namespace
}  // namespace gateway::integration
