#include "billing/offline.h"

#include <gtest/gtest.h>

#include "unit/billing/clinic.h"

namespace gateway::billing {
namespace {

// The parties and a day, with urn:uuid references throughout.
std::string bundle_of(std::vector<std::string> resources) {
  std::string entries;
  for (const auto& resource : resources) {
    const auto document = parse_shared(json_of(resource));
    const auto root = (*document)->root();
    entries += (entries.empty() ? "" : ",");
    entries += "{\"fullUrl\":\"urn:uuid:" +
               std::string(root.get("resourceType").text()) + "-" +
               std::string(root.get("id").text()) +
               "\",\"resource\":" + json_of(resource) + "}";
  }
  std::string text =
      "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[" +
      entries + "]}";
  // Type/id in a reference becomes urn:uuid:Type-id.
  const std::string mark = "\"reference\":\"";
  for (auto at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + 1)) {
    const auto begin = at + mark.size();
    const auto slash = text.find('/', begin);
    text[slash] = '-';
    text.insert(begin, "urn:uuid:");
  }
  return text;
}

TEST(OfflineTest, BillsABundleWithItsOwnReferences) {
  auto resources = party_jsons();
  resources.push_back(order_json({}));
  resources.push_back(grant_json({}));
  resources.push_back(session_json(
      {"s5", "2026-04-10T08:00:00-05:00", "2026-04-10T13:00:00-05:00"}));
  const auto bundle = JsonDocument::parse(bundle_of(resources));
  ASSERT_TRUE(bundle.ok()) << bundle.error().message;
  const auto programs = shipped_programs(demo_site());
  const auto bill = bill_bundle(*bundle, programs, shipped_maps(),
                                {.as_of = {}, .explain = true});
  ASSERT_TRUE(bill.ok()) << bill.error().message;
  const auto out = JsonDocument::parse(bill->bundle);
  ASSERT_TRUE(out.ok());
  std::string types;
  for (const auto entry : out->root().get("entry")) {
    const auto resource = entry.get("resource");
    types += std::string(resource.get("resourceType").text()) + " ";
    if (resource.get("resourceType").text() != "Claim") continue;
    EXPECT_EQ(resource.get("status").text(), "active");
    EXPECT_EQ(resource.find("total.value").text(), "486.00");
    EXPECT_EQ(resource.find("patient.reference").text(), "urn:uuid:Patient-p1");
  }
  EXPECT_EQ(types, "EpisodeOfCare Encounter Claim OperationOutcome ");
  ASSERT_EQ(bill->proofs.size(), 1U);
  const auto proof = JsonDocument::parse(bill->proofs.front());
  ASSERT_TRUE(proof.ok());
  EXPECT_NE(bill->proofs.front().find("cpt-97545-97546/C5"), std::string::npos);
}

}  // namespace
}  // namespace gateway::billing
