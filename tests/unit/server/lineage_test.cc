#include "server/lineage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include "folders.h"
#include "server/v2_intake.h"
#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;
using testing::Not;

// With the segment ends that go over the wire.
std::string registration() {
  std::ifstream in(std::string(GATEWAY_SOURCE_DIR) +
                       "/mappings/hl7v2/messages/cases/ADT_A01/registered.hl7",
                   std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  std::replace(text.begin(), text.end(), '\n', '\r');
  return text;
}

class LineageTest : public testing::Test {
 protected:
  LineageTest() {
    send(message_);
    patient_ = gateway_.stored("Patient").at(0);
  }
  void send(const std::string& message) {
    auto end = std::make_shared<std::promise<void>>();
    intake_.handle(
        {.content = message, .peer = "127.0.0.1:1"},
        transport::MllpResponder(
            [end](const std::vector<std::string>&) { end->set_value(); },
            [end] { end->set_value(); }));
    end->get_future().wait();
  }
  [[nodiscard]] std::string explained(int version = 1) const {
    return with_lineage(
        R"({"resourceType":"Parameters","parameter":[{"name":"input",)"
        R"("valueReference":{"reference":")" +
            patient_.id.text() + "/_history/" + std::to_string(version) +
            R"("}}]})",
        "demo-ehr", gateway_.parts());
  }

  const std::string message_ = registration();
  ScratchGateway gateway_;
  V2Intake intake_{gateway_.parts(), gateway_.pipeline()};
  store::StoredResource patient_;
};

TEST_F(LineageTest, LeadsToTheFieldAndItsBytes) {
  const auto document = parse_shared(explained());
  ASSERT_TRUE(document.ok());
  std::string seen;
  for (const Json parameter : (*document)->root().get("parameter")) {
    for (const Json part : parameter.get("part")) {
      std::string field;
      std::size_t begin = 0;
      std::size_t end = 0;
      for (const Json one : part.get("part")) {
        const auto name = one.get("name").text();
        const std::string number(one.get("valueInteger").text());
        if (name == "field") field = one.get("valueString").text();
        if (name == "begin") begin = std::stoul(number);
        if (name == "end") end = std::stoul(number);
      }
      if (field.empty()) continue;
      seen += field + "=" + message_.substr(begin, end - begin) + "\n";
    }
  }
  EXPECT_THAT(seen, HasSubstr("=Doe\n"));
  EXPECT_THAT(seen, HasSubstr("=Janet\n"));
  EXPECT_THAT(seen, HasSubstr("PID"));
}

TEST_F(LineageTest, NamesTheMessageAndTheMaps) {
  const auto text = explained();
  EXPECT_THAT(text, HasSubstr(R"("name":"message","valueInteger":)" +
                              std::to_string(patient_.sequence)));
  EXPECT_THAT(text, HasSubstr("|" + demo_edition()->maps->hash));
}

// What those maps were is known; what they did, as far as the maps of now do
// it.
TEST_F(LineageTest, TakesTheMapsOfNowForThoseThatAreGone) {
  auto maps = std::make_shared<map::MapSet>(*demo_edition()->maps);
  maps->hash = "other";
  auto edition = std::make_shared<Edition>(*demo_edition());
  edition->maps = maps;
  for (int i = 0; i < 12; ++i) {
    gateway_.editions().reload([&] { return edition; }, gateway_.now);
  }
  const auto text = explained();
  EXPECT_THAT(text, HasSubstr("|" + demo_edition()->maps->hash));
  EXPECT_THAT(text, HasSubstr(R"("name":"mapNow")"));
  EXPECT_THAT(text, HasSubstr("Patient.birthDate"));
  // An element that they would make otherwise is not explained by them.
  maps->partners["demo-ehr"].settings =
      demo_edition()->maps->overlay("").settings;
  for (auto& setting : maps->partners["demo-ehr"].settings) {
    if (setting.name == "namespace") setting.value = "urn:other/";
  }
  const auto other = explained();
  EXPECT_THAT(other, HasSubstr("Patient.birthDate"));
  EXPECT_THAT(other, Not(HasSubstr("Patient.identifier")));
}

// The number under which the patient was known came first then, though not in
// the message.
TEST_F(LineageTest, FollowsTheNumberThatCameFirst) {
  auto message = message_;
  message.replace(message.find("ADT^A04"), 7, "ADT^A08");
  message.replace(message.find("A4001"), 5, "A4002");
  message.replace(message.find("P-100^"), 6, "555^^^HIE^PI~P-100^");
  send(message);
  const auto text = explained(2);
  const auto field_of = [&text](const std::string& element) {
    const auto at = text.find("\"" + element + "\"");
    const auto field = text.find("PID-3", at);
    return at == std::string::npos ? "" : text.substr(field, 10);
  };
  EXPECT_EQ(field_of("Patient.identifier[0].value"), "PID-3[2].1");
  EXPECT_EQ(field_of("Patient.identifier[1].value"), "PID-3[1].1");
}

// The name was said by the first message, the birth date by the second.
TEST_F(LineageTest, WhatAChangeLeftLeadsToTheMessageThatSaidIt) {
  auto message = message_;
  message.replace(message.find("ADT^A04"), 7, "ADT^A08");
  message.replace(message.find("A4001"), 5, "A4002");
  message.replace(message.find("Doe^Janet^Q^^^^L"), 16, "");
  message.replace(message.find("19840217"), 8, "19850217");
  send(message);
  const auto document = parse_shared(explained(2));
  std::map<std::string, std::string> said_by;
  for (const Json parameter : (*document)->root().get("parameter")) {
    std::string id;
    for (const Json part : parameter.get("part")) {
      if (part.get("name").text() == "controlId") {
        id = part.get("valueString").text();
      }
      for (const Json one : part.get("part")) {
        if (one.get("name").text() == "element") {
          said_by[std::string(one.get("valueString").text())] = id;
        }
      }
    }
  }
  EXPECT_EQ(said_by["Patient.birthDate"], "A4002");
  EXPECT_EQ(said_by["Patient.name[0].family"], "A4001");
}

TEST_F(LineageTest, WhatCameAsFhirHasNone) {
  gateway_.post("/fhir/Patient", R"({"resourceType":"Patient"})");
  const std::string text =
      R"({"resourceType":"Parameters","parameter":[{"name":"input",)"
      R"("valueReference":{"reference":")" +
      gateway_.stored("Patient").at(1).id.text() + R"(/_history/1"}}]})";
  EXPECT_EQ(with_lineage(text, "demo-ehr", gateway_.parts()), text);
}

}  // namespace
}  // namespace gateway::server
