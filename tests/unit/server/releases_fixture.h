// A gateway that takes HL7 v2 messages, parks them and takes them up again.

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/releases.h"
#include "unit/server/v2_sender.h"

namespace gateway::server {

// Edition of the demo in which a table has one row more.
inline SharedEdition with_row(const std::string& table,
                              const std::string& row) {
  auto maps = std::make_shared<map::MapSet>(*demo_edition()->maps);
  std::vector<map::MapProblem> problems;
  auto overlay =
      map::load_overlay({"demo-ehr.yaml", "partner: demo-ehr\ntables: { " +
                                              table + ": { " + row + " } }\n"},
                        *maps->library, problems);
  EXPECT_EQ(map::text_of(problems), "");
  maps->partners.insert_or_assign("demo-ehr", std::move(overlay));
  maps->hash += std::to_string(std::hash<std::string>()(row));
  auto edition = std::make_shared<Edition>(*demo_edition());
  edition->maps = std::move(maps);
  return edition;
}

inline SharedEdition knowing(const std::string& code) {
  return with_row("sex", code + ": unknown");
}

inline constexpr std::chrono::milliseconds kLook{20};

class ReleasesTest : public V2SenderTest {
 protected:
  ReleasesTest() { EXPECT_TRUE(releases_->begin()); }

  // A referral of a patient whose sex is `code`, under an order of its own.
  static std::string referral(const std::string& code,
                              const std::string& number = "1") {
    auto text = sample("REF_I12/complete.hl7");
    text = with(text, "|F|||2 Oak", "|" + code + "|||2 Oak");
    text = with(text, "R1001", "R" + number);
    text = with(text, "X-1^HIE", "X-" + number + "^HIE");
    return with(text, "R-77", "R-" + number);
  }
  void reload(const SharedEdition& edition) {
    gateway_.editions().reload([&] { return edition; }, gateway_.now);
    gateway_.parts().parked.wake();
  }
  // Until so many wait.
  void wait_for(std::size_t count) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (gateway_.parts().parked.all().size() != count &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_THAT(gateway_.parts().parked.all(), testing::SizeIs(count));
  }
  // Until the Task says that.
  void wait_for_task(const fhir::ResourceId& task, const std::string& text) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds(20);
    std::string body;
    while (body.find(text) == std::string::npos &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      body = gateway_.store()
                 .read(store::Scope::all(), task, std::nullopt)
                 ->value()
                 .body;
    }
    ASSERT_THAT(body, testing::HasSubstr(text));
  }
  std::vector<std::string> statuses(const std::string& type) {
    std::vector<std::string> all;
    for (const auto& one : gateway_.stored(type)) {
      const auto document = JsonDocument::parse(one.body);
      const Json root = document->root();
      const bool parking =
          root.get("identifier").first().get("system").text() ==
          "https://workgate.example/fhir/NamingSystem/"
          "parked-message";
      if (type == "Task" && !parking) continue;
      all.emplace_back(root.get("status").text());
    }
    return all;
  }
  void restart() {
    releases_.reset();
    intake_.reset();
    gateway_.restart();
    intake_ = std::make_unique<V2Intake>(gateway_.parts(), gateway_.pipeline());
    start();
  }
  void start() {
    releases_ = std::make_unique<Releases>(gateway_.parts(), *intake_, kLook);
    ASSERT_TRUE(releases_->begin());
  }

  std::unique_ptr<Releases> releases_ =
      std::make_unique<Releases>(gateway_.parts(), *intake_, kLook);
};

}  // namespace gateway::server
