// MLLP over TLS against the binary: who shows a partner's certificate is that
// partner; and a foreign client from npm sends what becomes a claim.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "integration/foreign_client.h"
#include "integration/running_gateway.h"
#include "integration/scratch_site.h"
#include "transport/mllp_client.h"
#include "unit/security/certificates.h"

namespace gateway::integration {
namespace {

using security::Certificates;
using testing::HasSubstr;

class MllpTlsTest : public testing::Test {
 protected:
  void SetUp() override {
    WORKGATE_NEED_CERTIFICATES();
    const auto& certificates = Certificates::once();
    site_.change(
        "config/gateway.yaml", "  # tls:",
        "  mllpTls:\n    certificate: " + certificates.file("server.pem") +
            "\n    key: " + certificates.file("server.key") +
            "\n    clientCa: " + certificates.file("authority.pem") +
            "\n  # tls:");
    site_.change("config/gateway.yaml", "  demo-ehr:\n    role: ehr\n",
                 "  demo-ehr:\n    role: ehr\n  mercy:\n    role: ehr\n"
                 "    certificate: CN=demo-ehr,O=Example\n");
    site_.change("config/gateway.yaml", "serves: [demo-ehr]",
                 "serves: [demo-ehr, mercy]");
    gateway_ =
        std::make_unique<RunningGateway>(site_.path("config/gateway.yaml"));
  }
  Result<std::string> exchange(const security::TlsSettings& settings,
                               const std::string& message) {
    const auto tls = security::TlsContext::client(settings);
    EXPECT_TRUE(tls) << (tls ? "" : tls.error().message);
    if (!tls) return tls.error();
    transport::MllpClient client(
        {.target = {
             .host = "127.0.0.1", .port = gateway_->mllp_port(), .tls = *tls}});
    return client.exchange(message);
  }

  ScratchSite site_;
  std::unique_ptr<RunningGateway> gateway_;
};

TEST_F(MllpTlsTest, ACertificateNamesItsPartner) {
  const auto& certificates = Certificates::once();
  const auto answer = exchange(certificates.client_as("demo-ehr"),
                               sample_message("REF_I12/complete.hl7"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(*answer, HasSubstr("MSA|AA|R1001"));
  EXPECT_EQ(gateway_->newest_message().root().get("partner").text(), "mercy");
  EXPECT_EQ(
      gateway_->get("/fhir/ServiceRequest", "mercy").root().get("total").text(),
      "1");
  EXPECT_EQ(gateway_->get("/fhir/ServiceRequest").root().get("total").text(),
            "0");
}

TEST_F(MllpTlsTest, WithoutATrustedCertificateNothingIsTaken) {
  const auto& certificates = Certificates::once();
  const auto message = sample_message("REF_I12/complete.hl7");
  EXPECT_FALSE(exchange(certificates.client(), message));
  EXPECT_FALSE(exchange(certificates.client_as("stranger"), message));
  EXPECT_EQ(
      gateway_->get("/fhir/ServiceRequest", "mercy").root().get("total").text(),
      "0");
}

// What $explain says of one value: its element, and where it came from.
struct Origin {
  std::string element;
  std::string field;  // "PV1-44", or a field of the bill
  std::string line;   // of a map, "emit/claim.yaml:97"
  std::size_t begin = 0;
  std::size_t end = 0;
};

Origin origin_of(Json value) {
  Origin one;
  for (const Json part : value.get("part")) {
    const auto name = part.get("name").text();
    const std::string text(part.get("valueString").text());
    const auto number = [&part] {
      return std::stoul(std::string(part.get("valueInteger").text()));
    };
    if (name == "element") one.element = text;
    if (name == "field") one.field = text;
    if (name == "line") one.line = text;
    if (name == "begin") one.begin = number();
    if (name == "end") one.end = number();
  }
  return one;
}

std::string_view text_of(Json parameter, std::string_view name) {
  for (const Json part : parameter.get("part")) {
    if (part.get("name").text() == name) return part.get("valueString").text();
  }
  return {};
}

// All values of the lineage of what one message brought, by its control id, or
// of what one map emitted, by its name.
std::vector<Origin> lineage(const Reply& explained, std::string_view key,
                            std::string_view wanted) {
  std::vector<Origin> all;
  for (const Json parameter : explained.root().get("parameter")) {
    if (parameter.get("name").text() != "lineage") continue;
    if (!text_of(parameter, key).starts_with(wanted)) continue;
    for (const Json part : parameter.get("part")) {
      if (part.get("name").text() == "value") all.push_back(origin_of(part));
    }
  }
  return all;
}

// From the referral as a foreign client sends it to the claim as the
// clearinghouse pulls it, and back from the claim to the bytes.
TEST_F(MllpTlsTest, AForeignClientsMessagesBecomeAClaimThatLeadsBackToThem) {
  if (!foreign_clients_are_installed()) {
    GTEST_SKIP() << "the test clients are not installed: run tests/run, which "
                    "lets npm install them to build/clients";
  }
  const auto& certificates = Certificates::once();
  const std::map<std::string, std::string> messages{
      {"R1007", sample_message("REF_I12/ordered.hl7")},
      {"S5001", sample_message("SIU_S12/booked.hl7")},
      {"A4002", sample_message("ADT_A03/session.hl7")}};
  std::string files;
  for (const auto* id : {"R1007", "S5001", "A4002"}) {
    site_.write(std::string(id) + ".hl7", messages.at(id));
    files += " " + site_.path(std::string(id) + ".hl7");
  }
  const auto ran =
      run_client("mllp.mjs", std::to_string(gateway_->mllp_port()) + " " +
                                 certificates.file("authority.pem") + " " +
                                 certificates.file("demo-ehr.pem") + " " +
                                 certificates.file("demo-ehr.key") + files);
  ASSERT_EQ(ran.exit_code, 0) << ran.output;

  // The clearinghouse finds one claim that may be pulled, and pulls it.
  const auto claims =
      gateway_->get("/fhir/Claim?status=active", "demo-clearinghouse");
  ASSERT_EQ(claims.root().get("total").text(), "1") << claims.body;
  const auto id = std::string(claims.root().find("entry.resource.id").text());
  const auto claim = gateway_->get("/fhir/Claim/" + id, "demo-clearinghouse");
  ASSERT_EQ(claim.status, 200) << claim.body;
  EXPECT_EQ(claim.root().find("total.value").text(), "302.00");
  EXPECT_EQ(claim.root().find("item.productOrService.coding.code").text(),
            "97545");

  // Each value that the claim rests on lies in a field of a message, at bytes
  // that the client sent.
  const auto explained =
      gateway_->get("/fhir/Claim/" + id + "/$explain", "demo-clearinghouse");
  ASSERT_EQ(explained.status, 200) << explained.body;
  const struct {
    const char* message;
    const char* element;
    const char* field;
    const char* text;
  } kWanted[] = {
      {"A4002", "Procedure.performedPeriod.start", "PV1-44",
       "20260406080000-0500"},
      {"A4002", "Procedure.performedPeriod.end", "PV1-45",
       "20260406104500-0500"},
      {"R1007", "ServiceRequest.identifier[0].value", "RF1-6.1", "R-77"},
      {"R1007", "ServiceRequest.occurrenceTiming.repeat.frequency", "TQ1-3",
       "3XW"},
      {"R1007", "ClaimResponse.preAuthRef", "AUT-6.1", "A-5521"},
      {"R1007", "Coverage.identifier[0].value", "IN1-36", "WC-2026-0042"}};
  for (const auto& wanted : kWanted) {
    std::string seen = "nothing";
    for (const auto& one : lineage(explained, "controlId", wanted.message)) {
      if (one.element != wanted.element) continue;
      EXPECT_EQ(one.field, wanted.field);
      EXPECT_NE(one.line.find(".yaml:"), std::string::npos);
      seen = messages.at(wanted.message).substr(one.begin, one.end - one.begin);
    }
    EXPECT_EQ(seen, wanted.text) << wanted.element << "\n" << explained.body;
  }

  // And each value of the claim in a line of a map, from a field of the bill.
  std::string seen;
  for (const auto& one : lineage(explained, "map", "emit/claim|")) {
    if (one.element != "Claim.item[0].quantity.value") continue;
    seen = one.field + " " + one.line.substr(0, one.line.find(':'));
  }
  EXPECT_EQ(seen, "lines[0].quantity emit/claim.yaml") << explained.body;
}

}  // namespace
}  // namespace gateway::integration
