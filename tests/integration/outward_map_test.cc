// What the gateway emits is said by maps: a site that changes a line of them
// sees it in its claims, without a line of code.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "folders.h"
#include "integration/running_gateway.h"
#include "integration/sample_cases.h"
#include "transport/mllp_client.h"

namespace gateway::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A site of its own: copies of the demonstration's configuration and maps.
class Site {
 public:
  Site() {
    auto name = (fs::temp_directory_path() / "workgate-site-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    for (const auto* const part : {"config", "mappings"}) {
      fs::copy(fs::path(GATEWAY_SOURCE_DIR) / part, folder_ / part,
               fs::copy_options::recursive);
    }
  }
  ~Site() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::string configuration() const {
    return (folder_ / "config" / "gateway.yaml").string();
  }
  void change(const std::string& map, const std::string& from,
              const std::string& to) const {
    const auto file = folder_ / "mappings" / "emit" / map;
    const auto changed = with(text_of(file), from, to);
    std::ofstream(file, std::ios::binary) << changed;
  }

 private:
  fs::path folder_;
};

// The claim of one session that this gateway emits.
Reply claim_of(RunningGateway& gateway, const std::string& worker, int day) {
  const auto sample = SampleCase::refer(gateway, worker);
  EXPECT_EQ(gateway.post("/fhir/Procedure", sample.session(day).body).status,
            201);
  return gateway.get("/fhir/Claim?status=active");
}

Json first_claim(const Reply& claims) {
  for (const Json entry : claims.root().get("entry")) {
    const auto resource = entry.get("resource");
    if (resource.get("use").text() == "claim") return resource;
  }
  ADD_FAILURE() << claims.body;
  return {};
}

TEST(OutwardMapTest, AChangedLineIsSeenInTheClaim) {
  const Site site;
  RunningGateway unchanged(site.configuration());
  const auto before = claim_of(unchanged, "ann", 1);
  const auto old_claim = first_claim(before);
  EXPECT_FALSE(old_claim.get("item").first().get("modifier").exists());

  site.change("claim.yaml", "                code: $this\n        servicedDate",
              "                code: $this\n"
              "          - coding:\n"
              "              - system: =urn:site:modifier\n"
              "                code: =XS\n"
              "        servicedDate");
  RunningGateway changed(site.configuration());
  const auto after = claim_of(changed, "ann", 1);
  const auto claim = first_claim(after);
  EXPECT_EQ(claim.find("item.modifier.coding.code").text(), "XS");

  // Both name their map by its hash, and so does the Provenance.
  const auto old_source = old_claim.find("meta.source").text();
  const std::string source(claim.find("meta.source").text());
  EXPECT_THAT(source, HasSubstr("/map/emit/claim|"));
  EXPECT_NE(source, old_source);
  const auto origins = changed.get("/fhir/Provenance?target=Claim/" +
                                   std::string(claim.get("id").text()));
  EXPECT_THAT(origins.body, HasSubstr(source.substr(source.find("emit/"))));
}

// A line that fails on some data loads: the message is kept and answered, and
// says which line it was.
TEST(OutwardMapTest, ALineThatFailsKeepsTheMessage) {
  const Site site;
  site.change("claim.yaml", "        servicedDate: date\n",
              "        servicedDate: iif(date.exists(), "
              "(date | @2020-01-01).single())\n");
  RunningGateway gateway(site.configuration());
  const auto sample = SampleCase::refer(gateway, "cleo");
  const auto answer = gateway.post("/fhir/Procedure", sample.session(1).body);
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, HasSubstr("emit/not-valid"));
  EXPECT_THAT(answer.body, HasSubstr("emit/claim.yaml"));
  const auto log = gateway.get("/log/messages?state=rejected", "demo-operator");
  EXPECT_THAT(log.body, HasSubstr("emit/not-valid"));
}

// The same over MLLP is acknowledged as refused, and no connection is closed.
TEST(OutwardMapTest, ALineThatFailsIsAcknowledged) {
  const Site site;
  site.change("encounter.yaml", "      start: start\n",
              "      start: iif(start.exists(), (start | end).single())\n");
  RunningGateway gateway(site.configuration());
  transport::MllpClient client(
      {.target = {.host = "127.0.0.1", .port = gateway.mllp_port()}});
  const auto referred = client.exchange(sample_message("REF_I12/complete.hl7"));
  ASSERT_TRUE(referred);
  EXPECT_THAT(*referred, HasSubstr("MSA|AA|"));
  const auto session = sample_message("ADT_A03/session.hl7");
  for (int sent = 0; sent < 2; ++sent) {
    const auto answer = client.exchange(session);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_THAT(*answer, HasSubstr("MSA|AR|A4002"));
    EXPECT_THAT(*answer, HasSubstr("emit/not-valid"));
  }
}

// With a modifier of the site's own, a claim that was pulled still says what
// the plan wants: no replacement follows.
TEST(OutwardMapTest, ASitesOwnModifierReplacesNoPulledClaim) {
  const Site site;
  site.change("claim.yaml", "                code: $this\n        servicedDate",
              "                code: $this\n"
              "          - coding:\n"
              "              - system: =urn:site:modifier\n"
              "                code: =XS\n"
              "        servicedDate");
  RunningGateway gateway(site.configuration());
  const auto sample = SampleCase::refer(gateway, "bea");
  ASSERT_EQ(gateway.post("/fhir/Procedure", sample.session(1).body).status,
            201);
  const auto pulled =
      gateway.get("/fhir/Claim?status=active", "demo-clearinghouse");
  ASSERT_THAT(pulled.body, HasSubstr("XS"));
  ASSERT_EQ(gateway.post("/fhir/Procedure", sample.session(2).body).status,
            201);
  const auto all = gateway.get("/fhir/Claim");
  for (const Json entry : all.root().get("entry")) {
    const auto claim = entry.get("resource");
    if (claim.get("use").text() != "claim") continue;
    EXPECT_EQ(claim.find("extension.valueCode").text(), "1");
    EXPECT_EQ(claim.get("status").text(), "active");
  }
}

TEST(OutwardMapTest, AMapThatIsWrongIsSaidAtTheStart) {
  const Site site;
  site.change("claim.yaml", "reference: insurer", "reference: insurr");
  const auto command = std::string(GATEWAY_BINARY_DIR) +
                       "/workgate bill --config " + site.configuration() + " " +
                       GATEWAY_SOURCE_DIR + "/config/demo/referral.json 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) {
    output += static_cast<char>(c);
  }
  EXPECT_EQ(WEXITSTATUS(pclose(pipe)), 3);
  EXPECT_THAT(output, HasSubstr("emit/claim.yaml:"));
  EXPECT_THAT(output,
              HasSubstr("a bill has no \"insurr\"; did you mean insurer?"));
}

}  // namespace
}  // namespace gateway::integration
