// What `workgate guide` prints for partners, they can send: each example that
// changes a member of the demonstration's referral is taken in by the gateway,
// whatever it then has to say of it.

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "folders.h"
#include "integration/running_gateway.h"

namespace gateway::integration {
namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"),
                                                   pclose);
  std::string all;
  char part[4096];
  while (pipe != nullptr) {
    const auto read = fread(part, 1, sizeof part, pipe.get());
    if (read == 0) break;
    all.append(part, read);
  }
  return all;
}

// An example "`Type` with `{...}`" of the guide.
struct Change {
  std::string type;
  std::string members;
};

std::vector<Change> changes_in(const std::string& guide) {
  std::vector<Change> found;
  std::set<std::string> seen;
  const std::string between = "` with `";
  for (const auto* label : {"  - good: `", "  - bad: `"}) {
    const std::string start(label);
    for (auto at = guide.find(start); at != std::string::npos;
         at = guide.find(start, at + 1)) {
      const auto begin = at + start.size();
      const auto line = guide.substr(begin, guide.find('\n', begin) - begin);
      const auto middle = line.find(between);
      if (middle == std::string::npos || !seen.insert(line).second) continue;
      const auto members = line.substr(middle + between.size());
      found.push_back(
          {line.substr(0, middle), members.substr(0, members.rfind('`'))});
    }
  }
  return found;
}

// A resource with other members; those that are null are left out.
std::string changed(Json resource, Json members) {
  std::string out = "{";
  const auto write = [&](Json member) {
    if (member.kind() == JsonKind::null) return;
    if (out.size() > 1) out += ",";
    out +=
        "\"" + std::string(member.name()) + "\":" + std::string(member.raw());
  };
  for (const Json member : resource) {
    if (!members.get(member.name()).exists()) write(member);
  }
  for (const Json member : members) write(member);
  return out + "}";
}

// The demonstration's referral of another patient, claim and grant.
std::string referral(int number) {
  auto text = demo("referral.json");
  for (const auto* key :
       {"MRN-20417", "SR-2026-0330-01", "PA-7001", "WC-2026-000417"}) {
    const std::string from(key);
    for (auto at = text.find(from); at != std::string::npos;
         at = text.find(from, at + from.size())) {
      text.insert(at + from.size(), "-" + std::to_string(number));
    }
  }
  return text;
}

// With one resource of the type changed; empty where there is none.
std::string with_change(const std::string& bundle, const Change& change) {
  const auto parsed = *parse_shared(bundle);
  const auto members = *parse_shared(change.members);
  const auto blank = change.type.find(' ');
  const auto type = change.type.substr(0, blank);
  for (const Json entry : parsed->root().get("entry")) {
    const auto resource = entry.get("resource");
    if (resource.get("resourceType").text() != type) continue;
    auto text = bundle;
    const auto raw = std::string(resource.raw());
    text.replace(text.find(raw), raw.size(),
                 changed(resource, members->root()));
    return text;
  }
  return {};
}

TEST(GuideTest, WhatItShowsOfAReferralIsTakenIn) {
  const auto guide =
      output_of(std::string(GATEWAY_BINARY_DIR) + "/workgate guide --config " +
                GATEWAY_SOURCE_DIR "/config/gateway.yaml");
  RunningGateway gateway;
  int sent = 0;
  for (const auto& change : changes_in(guide)) {
    // Whole resources are sent by themselves, and others refer to the case.
    if (change.members.find("resourceType") != std::string::npos ||
        change.members.find("\"reference\"") != std::string::npos) {
      continue;
    }
    const auto bundle = with_change(referral(sent), change);
    if (bundle.empty()) continue;
    const auto reply = gateway.post("/fhir", bundle);
    EXPECT_EQ(reply.status, 200) << change.type << " " << change.members << "\n"
                                 << reply.body;
    ++sent;
  }
  EXPECT_GT(sent, 10);
}

// The case that all examples change is right as a whole, and is billed.
TEST(GuideTest, TheCompleteCaseIsBilled) {
  RunningGateway gateway;
  const auto reply = gateway.send("POST", "/fhir", demo("complete-case.json"),
                                  {{"Content-Type", "application/fhir+json"},
                                   {"Prefer", "return=OperationOutcome"}});
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_TRUE(reply.header_values("x-workgate-task").empty());
  const auto claims = gateway.get("/fhir/Claim");
  const auto claim = claims.root().find("entry.resource");
  EXPECT_EQ(claim.get("status").text(), "active");
  // Four hours: 210 + 2 x 92.
  EXPECT_EQ(claim.find("total.value").raw(), "394.00");
}

TEST(GuideTest, TheMatrixIsForMachinesToo) {
  const auto text = output_of(std::string(GATEWAY_BINARY_DIR) +
                              "/workgate check --matrix --json --config " +
                              GATEWAY_SOURCE_DIR "/config/gateway.yaml");
  const auto json = JsonDocument::parse(text);
  ASSERT_TRUE(json.ok()) << text;
  EXPECT_TRUE(json->root().get("missing").is_array());
  EXPECT_FALSE(json->root().get("missing").first().exists());
  std::size_t rows = 0;
  for (const Json row : json->root().get("rows")) {
    EXPECT_FALSE(row.get("test").text().empty()) << row.raw();
    EXPECT_TRUE(row.get("severity").is_string()) << row.raw();
    ++rows;
  }
  EXPECT_GE(rows, 104U);  // A1-A40, O1-O36, C1-C16, T1-T12
}

}  // namespace
}  // namespace gateway::integration
