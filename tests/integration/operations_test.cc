// The operations of FHIR that change nothing, against the running gateway:
// they say what a resource or code is, and store nothing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/running_gateway.h"

namespace gateway::integration {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kBad = R"({"resourceType":"Patient","gender":"mael"})";

std::string part(const Reply& reply, std::string_view name) {
  for (const Json one : reply.root().get("parameter")) {
    if (one.get("name").text() != name) continue;
    for (const Json member : one) {
      if (member.name() != "name") return std::string(member.text());
    }
  }
  return {};
}

TEST(OperationsTest, ValidateSaysWhatIsWrongAndStoresNothing) {
  RunningGateway gateway;
  for (const auto* target : {"/fhir/$validate", "/fhir/Patient/$validate"}) {
    const auto reply = gateway.post(target, kBad);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_THAT(rules(reply.root()), Contains("binding/required"));
    EXPECT_EQ(first_expression(reply.root()), "Patient.gender");
    EXPECT_THAT(reply.body, HasSubstr("did you mean male?"));
  }
  EXPECT_EQ(
      gateway.get("/fhir/Patient?_summary=count").root().get("total").text(),
      "0");
  const auto created =
      gateway.post("/fhir/Patient", R"({"resourceType":"Patient"})").created();
  ASSERT_THAT(created, HasSubstr("Patient/"));
  const auto stored = gateway.get("/fhir/" + created + "/$validate");
  EXPECT_EQ(stored.status, 200) << stored.body;
  EXPECT_EQ(gateway.get("/fhir/Patient/none/$validate").status, 404);
  EXPECT_EQ(gateway.post("/fhir/Nothing/$validate", kBad).status, 404);
  EXPECT_EQ(gateway.post("/fhir/Patient/$validate", "no").status, 400);
}

TEST(OperationsTest, CodesAreLookedUpInTheImage) {
  RunningGateway gateway;
  const std::string kGender = "http://hl7.org/fhir/administrative-gender";
  const auto expanded = gateway.get(
      "/fhir/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/"
      "administrative-gender&filter=fem");
  EXPECT_EQ(expanded.status, 200);
  EXPECT_EQ(expanded.root().find("expansion.contains.code").text(), "female");
  const auto checked = gateway.get(
      "/fhir/ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/"
      "administrative-gender&code=male&system=" +
      kGender);
  EXPECT_EQ(part(checked, "result"), "true") << checked.body;
  const auto external = gateway.get(
      "/fhir/CodeSystem/$validate-code?url=http://snomed.info/sct&"
      "code=73211009");
  EXPECT_EQ(part(external, "result"), "false");
  EXPECT_THAT(external.body, HasSubstr("terminology/not-checked"));
  const auto known =
      gateway.get("/fhir/CodeSystem/$lookup?code=male&system=" + kGender);
  EXPECT_EQ(part(known, "display"), "Male") << known.body;
  const auto unknown =
      gateway.get("/fhir/CodeSystem/$lookup?code=mal&system=" + kGender);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("did you mean male?"));
}

TEST(OperationsTest, AValueSetIsSentAlongAndNeverStored) {
  RunningGateway gateway;
  const std::string kMine =
      R"({"resourceType":"ValueSet","status":"draft","compose":{"include":)"
      R"([{"system":"http://x","concept":[{"code":"a"}]}]}})";
  const auto expanded = gateway.post("/fhir/ValueSet/$expand", kMine);
  EXPECT_EQ(expanded.status, 200) << expanded.body;
  EXPECT_EQ(expanded.root().find("expansion.contains.code").text(), "a");
  for (const auto& refused :
       {gateway.post("/fhir/ValueSet", kMine), gateway.get("/fhir/ValueSet/1"),
        gateway.get("/fhir/ValueSet/1/$expand"),
        gateway.get("/fhir/CodeSystem/1/$lookup")}) {
    EXPECT_EQ(refused.status, 404) << refused.body;
    EXPECT_THAT(refused.body, HasSubstr("they come with packages"));
  }
}

TEST(OperationsTest, TheCapabilityStatementNamesThem) {
  RunningGateway gateway;
  const auto said = gateway.get("/fhir/metadata");
  for (const auto* name :
       {"Resource-validate", "ValueSet-expand", "ValueSet-validate-code",
        "CodeSystem-lookup", "CodeSystem-validate-code"}) {
    EXPECT_THAT(said.body, HasSubstr(name));
  }
  const auto judged = gateway.post("/fhir/$validate", said.body);
  EXPECT_THAT(judged.body, Not(HasSubstr(R"("severity":"error")")));
}

TEST(OperationsTest, AWaiverLetsOneFindingThroughAndSaysSo) {
  const ScratchConfiguration configuration(
      "# waivers: waivers.yaml", "waivers: waivers.yaml",
      "version: 1\n"
      "waivers:\n"
      "  - {rule: binding/required, path: Patient.gender,\n"
      "     reason: the old EHR, expires: 9999-12-31}\n"
      "  - {rule: binding/required, path: Patient.link.type,\n"
      "     reason: the old EHR, expires: 2020-01-01}\n");
  RunningGateway gateway(configuration.file());
  const auto taken = gateway.post("/fhir/Patient", kBad);
  EXPECT_EQ(taken.status, 201) << taken.body;
  const auto told = gateway.post("/fhir/$validate", kBad);
  EXPECT_THAT(told.body, HasSubstr("waived until 9999-12-31"));
  EXPECT_THAT(told.body, HasSubstr("the old EHR"));
  EXPECT_THAT(told.body, Not(HasSubstr(R"("severity":"error")")));
  const auto expired =
      gateway.post("/fhir/Patient",
                   R"({"resourceType":"Patient","link":[{"other":{"reference":)"
                   R"("Patient/1"},"type":"none"}]})");
  EXPECT_EQ(expired.status, 422) << expired.body;
  EXPECT_THAT(rules(expired.root()), Contains("binding/required"));
}

}  // namespace
}  // namespace gateway::integration
