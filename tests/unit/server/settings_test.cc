#include "server/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folders.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kGood =
    "version: 1\n"
    "canonicalBase: https://workgate.example/fhir\n"
    "security: open\n"
    "openPartner: ehr\n"
    "listeners: {http: '127.0.0.1:0'}\n"
    "partners:\n"
    "  ehr: {role: ehr}\n"
    "  house: {role: clearinghouse, serves: [ehr]}\n";

TEST(SettingsTest, ReadsTheShippedConfiguration) {
  const auto settings =
      read_settings(std::string(GATEWAY_SOURCE_DIR) + "/config/gateway.yaml");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_TRUE(settings->open);
  EXPECT_EQ(settings->http.port, 8080);
  EXPECT_EQ(settings->mllp.port, 2575);
  EXPECT_EQ(settings->partners.size(), 3U);
}

TEST(SettingsTest, ReadsPartners) {
  const auto settings = parse_settings(kGood, "f.yaml");
  ASSERT_TRUE(settings) << settings.error().message;
  const auto& house = settings->partners.find("house")->second;
  EXPECT_EQ(house.role, exchange::Role::clearinghouse);
  EXPECT_EQ(house.serves, std::vector<std::string>{"ehr"});
}

struct Row {
  const char* from;
  const char* to;
  const char* message;
};

TEST(SettingsTest, NamesThePlaceOfWhatIsWrong) {
  const Row rows[] = {
      {"version: 1", "version: 2", "f.yaml:1:10: the version"},
      {"security: open", "security: shut", "f.yaml:3:11: the only security"},
      {"openPartner: ehr", "openPartner: nobody", "f.yaml:4:14: openPartner"},
      {"127.0.0.1:0", "0.0.0.0:80", "loopback addresses only"},
      {"127.0.0.1:0", "somewhere", "f.yaml:5:19: an address and port"},
      {"role: ehr", "role: king", "f.yaml:7:15: a role is"},
      {"serves: [ehr]", "serves: [him]", "no partner has that name"},
      {"listeners: {http: '127.0.0.1:0'}", "limits: {mllpFrameSeconds: 0}",
       "f.yaml:5:28: a whole number above 0"},
      {"listeners: {http: '127.0.0.1:0'}", "limits: {mllpIdleSeconds: 86401}",
       "f.yaml:5:27: at most 86400 seconds"},
      {"listeners: {http: '127.0.0.1:0'}", "messageLog: {prune: never}",
       "f.yaml:5:21: prune is"},
      {"partners:", "partner:", "f.yaml:6:1: 'partner' is not a setting"},
  };
  for (const auto& row : rows) {
    std::string text = kGood;
    text.replace(text.find(row.from), std::string(row.from).size(), row.to);
    const auto settings = parse_settings(text, "f.yaml");
    ASSERT_FALSE(settings) << row.to;
    EXPECT_THAT(settings.error().message, HasSubstr(row.message));
  }
}

TEST(EndpointTest, ReadsAddresses) {
  EXPECT_EQ(parse_endpoint("[::1]:8080")->host, "::1");
  EXPECT_TRUE(is_loopback(*parse_endpoint("127.0.0.2:1")));
  EXPECT_FALSE(is_loopback(*parse_endpoint("10.0.0.1:1")));
  for (const char* text : {"", ":1", "host", "host:", "host:70000", "h:1x"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

TEST(SettingsTest, SaysWhenTheFileIsMissing) {
  const auto settings = read_settings("/nowhere/gateway.yaml");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().message, StartsWith("/nowhere/gateway.yaml:"));
}

}  // namespace
}  // namespace gateway::server
