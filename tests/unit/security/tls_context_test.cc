#include "security/tls_context.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/security/certificates.h"

namespace gateway::security {
namespace {

TEST(TlsContextTest, TakesWhatFitsTogether) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  EXPECT_TRUE(TlsContext::server(certificates.server()));
  EXPECT_TRUE(TlsContext::server(certificates.mutual_server()));
  EXPECT_TRUE(TlsContext::client(certificates.client()));
  EXPECT_TRUE(TlsContext::client(certificates.client_as("demo-ehr")));
  EXPECT_TRUE(TlsContext::client({}));  // trusts the system's authorities
}

struct Row {
  const char* why;
  TlsSettings settings;
  std::string names;  // what the message must name
};

TEST(TlsContextTest, RefusesWhatCannotWorkAndNamesIt) {
  WORKGATE_NEED_CERTIFICATES();
  const auto& certificates = Certificates::once();
  const TlsSettings good = certificates.server();
  std::vector<Row> rows(7, {"", good, ""});
  rows[0] = {"no certificate", {}, "certificate"};
  rows[1].why = "missing file";
  rows[1].settings.certificate_file = rows[1].names = "/nowhere.pem";
  rows[2].why = "missing key";
  rows[2].settings.key_file = rows[2].names = "/nowhere.key";
  rows[3].why = "another's key";
  rows[3].settings.key_file = rows[3].names = certificates.file("stranger.key");
  rows[4].why = "unknown cipher";
  rows[4].settings.ciphers = rows[4].names = "NO-SUCH-CIPHER";
  rows[5].why = "unknown suite";
  rows[5].settings.cipher_suites = rows[5].names = "TLS_NO_SUCH";
  rows[6].why = "client certificates without an authority";
  rows[6].settings.client_certificate = ClientCertificate::required;
  rows[6].names = "authority";
  for (const auto& row : rows) {
    const auto context = TlsContext::server(row.settings);
    ASSERT_FALSE(context) << row.why;
    EXPECT_EQ(context.error().code, ErrorCode::invalid) << row.why;
    EXPECT_NE(context.error().message.find(row.names), std::string::npos)
        << row.why << ": " << context.error().message;
  }
}

}  // namespace
}  // namespace gateway::security
