// `workgate bill` by the real program: what our own profiles find in a Bundle
// holds offline as it does in the running gateway.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "folders.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string replaced(std::string text, const std::string& from,
                     const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

std::string demo(const std::string& name) {
  return text_of(fs::path(GATEWAY_SOURCE_DIR) / "config/demo" / name);
}

std::string urn(const std::string& number) {
  return "urn:uuid:00000000-0000-4000-8000-0000000000" + number;
}

// The demonstration's referral and its Monday, which names what it refers to
// by the entries' full URLs.
std::string monday() {
  const std::map<std::string, std::string> conditions = {
      {"ServiceRequest?identifier=https://ehr.example/orders|SR-2026-0330-01",
       urn("11")},
      {"Patient?identifier=https://ehr.example/mrn|MRN-20417", urn("01")},
      {"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1999888773",
       urn("07")},
      {"Location?identifier=https://ehr.example/site|SITE-1", urn("08")}};
  auto session = demo("session-1-monday.json");
  for (const auto& [condition, url] : conditions) {
    session = replaced(std::move(session), condition, url);
  }
  std::string bundle = R"({"resourceType":"Bundle","type":"collection")";
  std::string mark = ",\"entry\":[";
  for (const auto& text : {demo("referral.json"), session}) {
    const auto parsed = parse_shared(text);
    EXPECT_TRUE(parsed.ok());
    for (const Json entry : (*parsed)->root().get("entry")) {
      bundle += mark + std::string(entry.raw());
      mark = ",";
    }
  }
  return bundle + "]}";
}

struct Ended {
  int exit_code = -1;
  std::string out;
  std::string err;

  // Statuses of the resources of a type.
  [[nodiscard]] std::vector<std::string> statuses(
      const std::string& type) const {
    std::vector<std::string> found;
    const auto parsed = parse_shared(out);
    EXPECT_TRUE(parsed.ok()) << out << err;
    if (!parsed.ok()) return found;
    for (const Json entry : (*parsed)->root().get("entry")) {
      const auto resource = entry.get("resource");
      if (resource.get("resourceType").text() == type) {
        found.emplace_back(resource.get("status").text());
      }
    }
    return found;
  }
};

class BillTest : public testing::Test {
 protected:
  BillTest()
      : folder_(fs::path(testing::TempDir()) /
                ("bill_test." + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~BillTest() override { fs::remove_all(folder_); }

  [[nodiscard]] Ended bill(const std::string& bundle,
                           const std::string& options = {}) const {
    std::ofstream(folder_ / "bundle.json", std::ios::binary) << bundle;
    const auto in = [this](const char* name) {
      return (folder_ / name).string();
    };
    const auto command = std::string(GATEWAY_BINARY_DIR "/workgate bill ") +
                         "--config " GATEWAY_SOURCE_DIR
                         "/config/gateway.yaml --as-of 2026-04-06T18:00:00Z " +
                         options + ' ' + in("bundle.json") + " >" + in("out") +
                         " 2>" + in("err") + " </dev/null";
    const int status = std::system(command.c_str());  // NOLINT
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            text_of(folder_ / "out"), text_of(folder_ / "err")};
  }

 private:
  fs::path folder_;
};

TEST_F(BillTest, TheDemonstrationsMondayIsBilled) {
  const auto ended = bill(monday());
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.statuses("Claim"), std::vector<std::string>{"active"});
  EXPECT_EQ(ended.statuses("Task"), std::vector<std::string>());
}

// wc-session allows one order for a session.
TEST_F(BillTest, WhatAProfileFindsHoldsOffline) {
  const auto two =
      replaced(monday(),
               "\"reference\": \"" + urn("11") +
                   "\"\n          }\n        ],\n"
                   "        \"status\"",
               "\"reference\": \"" + urn("11") + "\"}, {\"reference\": \"" +
                   urn("11") + "\"}], \"status\"");
  const auto ended = bill(two);
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.statuses("Claim"), std::vector<std::string>{"draft"});
  EXPECT_EQ(ended.statuses("Task"), std::vector<std::string>{"requested"});
  EXPECT_THAT(ended.out, HasSubstr("review-session"));
  EXPECT_THAT(ended.out, HasSubstr("profile/max"));
}

TEST_F(BillTest, AnImageThatIsNotThereIsSaid) {
  const auto ended = bill(monday(), "--image /nowhere.image");
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_THAT(ended.err, HasSubstr("/nowhere.image"));
  EXPECT_THAT(ended.out, Not(HasSubstr("Claim")));
}

}  // namespace
}  // namespace gateway::integration
