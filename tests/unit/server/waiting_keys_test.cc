#include "server/waiting_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"

namespace gateway::server {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

WaitingKeys keys_of(const std::string& event, const std::string& segments,
                    const std::string& bundle = "{}") {
  const auto message =
      parse::Hl7v2Message::parse("MSH|^~\\&|EHR|MAIN ST|W|S|20260401||" +
                                 event + "|1|P|2.5.1\r" + segments + "\r");
  EXPECT_TRUE(message);
  const auto made = JsonDocument::parse(bundle);
  EXPECT_TRUE(made);
  return waiting_keys(*message, made->root());
}

std::string visit(const std::string& number, const std::string& referral) {
  return "PV1|1|O|||" + referral + std::string(14, '|') + number;
}

TEST(WaitingKeysTest, ASessionIsFoundByItsVisitWhateverTheMapMadeOfIt) {
  EXPECT_THAT(keys_of("ADT^A03", visit("V-9^^^EHR^VN", "R-7^^^EHR")),
              UnorderedElementsAre("visit EHR|V-9", "of order EHR|R-7"));
  EXPECT_THAT(keys_of("ADT^A11", visit("V-9", "")),
              UnorderedElementsAre("visit MAIN-ST|V-9"));
  // What is only said of a visit waits for nothing.
  EXPECT_THAT(keys_of("ADT^A08", visit("V-9", "")), IsEmpty());
}

TEST(WaitingKeysTest, OrdersAreWrittenByWhatOrders) {
  const std::string order = "ORC|NW|O-1^EHR|F-1^^1.2.3^ISO\r";
  EXPECT_THAT(keys_of("OMG^O19", order),
              UnorderedElementsAre("order EHR|O-1", "order 1.2.3|F-1"));
  EXPECT_THAT(keys_of("DFT^P03", order),
              UnorderedElementsAre("of order EHR|O-1", "of order 1.2.3|F-1"));
  EXPECT_THAT(
      keys_of("REF^I12", "RF1|A|||||R-1^EHR|||||X-1^H~X-2^H"),
      UnorderedElementsAre("order EHR|R-1", "order H|X-1", "order H|X-2"));
}

// Whether the earlier one writes what the later one writes or refers to.
bool waits_behind(const WaitingKeys& later, const WaitingKeys& earlier) {
  return std::any_of(later.begin(), later.end(), [&](const auto& key) {
    return earlier.contains(std::string(written_key(key)));
  });
}

TEST(WaitingKeysTest, NoNumberIsOneTooMany) {
  std::string numbers = "X-1^H";
  for (int i = 2; i <= 9; ++i) numbers += "~X-" + std::to_string(i) + "^H";
  EXPECT_THAT(keys_of("REF^I12", "RF1|A||||||||||" + numbers),
              testing::SizeIs(9));
}

TEST(WaitingKeysTest, ANumberIsOfItsKindAndItsGiver) {
  const auto slot = keys_of("SIU^S12", "SCH|7^EHR|\"\"");
  EXPECT_THAT(slot, UnorderedElementsAre("slot EHR|7"));
  const auto charge = keys_of("DFT^P03", "FT1|1|7");
  EXPECT_THAT(charge, UnorderedElementsAre("charge MAIN-ST|7"));
  const auto order = keys_of("OMG^O19", "ORC|NW|7^EHR");
  EXPECT_FALSE(waits_behind(slot, order));
  EXPECT_FALSE(waits_behind(slot, charge));
  EXPECT_FALSE(waits_behind(order, keys_of("OMG^O19", "ORC|NW|7^LAB")));
  EXPECT_TRUE(waits_behind(order, keys_of("OMG^O19", "ORC|CA|7^EHR")));
}

TEST(WaitingKeysTest, ThatBothReferToAnOrderIsNoReasonToWait) {
  const auto one = keys_of("ADT^A03", visit("V-1", "R-7^^^EHR"));
  const auto other = keys_of("ADT^A03", visit("V-2", "R-7^^^EHR"));
  const auto order = keys_of("REF^I14", "RF1|R|||||R-7^EHR");
  EXPECT_FALSE(waits_behind(one, other));
  EXPECT_TRUE(waits_behind(one, order));
  // An order may be what the session lacks.
  EXPECT_FALSE(waits_behind(order, other));
}

TEST(WaitingKeysTest, WhatTheMapMadeNamesMore) {
  const auto keys = keys_of(
      "ORU^R01", "PID|1",
      R"({"resourceType":"Bundle","type":"transaction","entry":[)"
      R"({"resource":{"resourceType":"Patient","identifier":)"
      R"([{"system":"urn:mrn","value":"P1"}]}},)"
      R"({"resource":{"resourceType":"ServiceRequest","identifier":)"
      R"([{"system":"urn:o","value":"R1"},{"value":"X"}]}},)"
      R"({"resource":{"resourceType":"Procedure",)"
      R"("subject":{"reference":"Patient?identifier=P1"},"basedOn":)"
      R"([{"reference":"ServiceRequest?identifier=urn%3Ao%7CR2"}]}}]})");
  EXPECT_THAT(
      keys, UnorderedElementsAre("ServiceRequest?identifier=urn%3Ao%7CR1",
                                 "ServiceRequest?identifier=%7CX",
                                 "of ServiceRequest?identifier=urn%3Ao%7CR2"));
}

}  // namespace
}  // namespace gateway::server
