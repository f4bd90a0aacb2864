// MLLP over TLS against the binary: who shows a partner's certificate is that
// partner; and a foreign client from npm sends what becomes a claim.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

// From the referral as a foreign client sends it to the claim, and back from
// the claim to the bytes.
TEST_F(MllpTlsTest, AForeignClientsMessagesBecomeAClaimThatLeadsBackToThem) {
  if (!foreign_clients_are_installed()) {
    GTEST_SKIP() << "the test clients are not installed: run tests/run, which "
                    "lets npm install them to build/clients";
  }
  const auto& certificates = Certificates::once();
  // One authority names the order in all three.
  site_.write("referral.hl7", with(sample_message("REF_I12/complete.hl7"),
                                   "R-77^EHR", "R-77^CLINIC"));
  site_.write("booking.hl7", with(sample_message("SIU_S12/booked.hl7"),
                                  "R-77^EHR", "R-77^CLINIC"));
  site_.write("session.hl7", sample_message("ADT_A03/session.hl7"));
  const auto ran = run_client(
      "mllp.mjs",
      std::to_string(gateway_->mllp_port()) + " " +
          certificates.file("authority.pem") + " " +
          certificates.file("demo-ehr.pem") + " " +
          certificates.file("demo-ehr.key") + " " + site_.path("referral.hl7") +
          " " + site_.path("booking.hl7") + " " + site_.path("session.hl7"));
  ASSERT_EQ(ran.exit_code, 0) << ran.output;

  const auto claims = gateway_->get("/fhir/Claim", "mercy");
  ASSERT_EQ(claims.root().get("total").text(), "1") << claims.body;
  const auto id = std::string(claims.root().find("entry.resource.id").text());
  const auto explained =
      gateway_->get("/fhir/Claim/" + id + "/$explain", "mercy");
  ASSERT_EQ(explained.status, 200) << explained.body;
  // PV1-44: when the session began.
  const auto adt = sample_message("ADT_A03/session.hl7");
  const auto start = std::string("20260406080000-0500");
  bool found = false;
  for (const Json parameter : explained.root().get("parameter")) {
    if (parameter.get("name").text() != "lineage") continue;
    for (const Json part : parameter.get("part")) {
      if (part.get("name").text() != "value") continue;
      std::string field;
      std::size_t begin = 0;
      std::size_t end = 0;
      for (const Json one : part.get("part")) {
        const auto name = one.get("name").text();
        if (name == "field") field = one.get("valueString").text();
        if (name == "begin")
          begin = std::stoul(std::string(one.get("valueInteger").text()));
        if (name == "end")
          end = std::stoul(std::string(one.get("valueInteger").text()));
      }
      if (field.find("PV1") == 0 && field.find("-44") != std::string::npos) {
        EXPECT_EQ(adt.substr(begin, end - begin), start);
        found = true;
      }
    }
  }
  EXPECT_TRUE(found) << explained.body;
}

}  // namespace
}  // namespace gateway::integration
