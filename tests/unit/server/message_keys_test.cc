#include "server/message_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exchange/interaction.h"
#include "unit/server/mapped_message.h"

namespace gateway::server {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> keys_of_message(const std::string& text) {
  const auto message = parse::Hl7v2Message::parse(text);
  EXPECT_TRUE(message);
  MessageKeys keys;
  keys.add_message(*message);
  return std::move(keys).take();
}

std::vector<std::string> keys_of_request(const std::string& body,
                                         exchange::Action action) {
  const ScratchGateway gateway;
  const auto& parts = gateway.parts();
  const auto read = exchange::read_write_request(
      {.action = action, .type = "Procedure"}, body, parts.keys, parts.site);
  const auto* const request = std::get_if<exchange::WriteRequest>(&read);
  MessageKeys keys;
  EXPECT_NE(request, nullptr);
  if (request != nullptr) {
    keys.add_request(*request);
    keys.add_patients(*request);
  }
  return std::move(keys).take();
}

TEST(MessageKeysTest, FieldsOfHl7v2NameThePatientWithAndWithoutItsAuthority) {
  EXPECT_THAT(keys_of_message("MSH|^~\\&|A|B|C|D|20260401||ORU^R01|1|P|2.5.1\r"
                              "PID|1||P-1^^^EHR~P-2^^^&1.2.3&ISO~\"\"\r"
                              "PID|2||P-3\r"
                              "MRG|P-0\r"
                              "IN1|1" +
                              std::string(35, '|') +
                              "WC-7\r"
                              "ORC|NW|O-1|F-1\rOBR|1|O-1|F-1\r"
                              "ORC|NW|O-2\r"),
              ElementsAre("P-1", "EHR|P-1", "P-2", "1.2.3|P-2", "P-3", "P-0",
                          "WC-7", "O-1", "F-1", "O-2"));
}

TEST(MessageKeysTest, WhatWasMappedNamesWhatItIsAndWhomItMeans) {
  const auto places = mapped(sample("REF_I12/complete.hl7"));
  MessageKeys keys;
  keys.add_bundle(places->bundle());
  const auto all = std::move(keys).take();
  EXPECT_THAT(all, Contains("P-100"));
  EXPECT_THAT(all, Contains("WC-2026-0042"));
  EXPECT_THAT(all, Not(Contains("1234567893")));
}

TEST(MessageKeysTest, ARequestNamesItsPatientByReference) {
  EXPECT_THAT(keys_of_request(R"({"resourceType":"Bundle","type":"transaction",
          "entry":[{"fullUrl":"urn:uuid:1","resource":{
            "resourceType":"Procedure",
            "identifier":[{"system":"urn:s","value":"S-1"}],
            "subject":{"reference":"Patient?identifier=urn:m%7CP-1"}},
          "request":{"method":"POST","url":"Procedure"}}]})",
                              exchange::Action::bundle),
              ElementsAre("S-1", "P-1", "urn:m|P-1"));
  EXPECT_THAT(keys_of_request(R"({"resourceType":"Procedure",
          "subject":{"reference":"Patient/17"}})",
                              exchange::Action::create),
              ElementsAre("Patient/17"));
}

TEST(MessageKeysTest, ThoseOfManyMessagesAreNoKeys) {
  EXPECT_THAT(keys_of_request(R"({"resourceType":"Bundle",
          "type":"transaction","entry":[{"fullUrl":"urn:uuid:1",
          "resource":{"resourceType":"Practitioner",
            "identifier":[{"value":"1234567893"}]},
          "request":{"method":"POST","url":"Practitioner"}}]})",
                              exchange::Action::bundle),
              IsEmpty());
}

TEST(MessageKeysTest, AReplayIsFoundByWhatItRepeats) {
  MessageKeys keys;
  keys.add_origin("127.0.0.1:17");
  keys.add_origin("replay of 75");
  keys.add_origin("release of 76");
  EXPECT_THAT(std::move(keys).take(),
              ElementsAre("replay of 75", "release of 76"));
}

}  // namespace
}  // namespace gateway::server
