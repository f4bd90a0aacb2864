#include "unit/validate/core.h"
#include "validate/rules.h"

namespace gateway::validate {
namespace {

std::string bundle(const std::string& type, const std::string& members) {
  return R"({"resourceType":"Bundle","type":")" + type + R"(",)" + members +
         "}";
}

const std::string kOrganization =
    R"("resource":{"resourceType":"Organization","id":"1","name":"A"}})";

TEST(BundleRulesTest, EntriesHaveAddresses) {
  EXPECT_EQ(errors(bundle("collection", R"("entry":[{)" + kOrganization + "]")),
            Texts{"bundle/full-url at Bundle.entry[0]"});
  EXPECT_EQ(
      errors(bundle("collection", R"("entry":[{"fullUrl":"Organization/1",)" +
                                      kOrganization + "]")),
      Texts{"bundle/full-url at Bundle.entry[0]"});
  const auto other =
      bundle("collection", R"("entry":[{"fullUrl":"http://a/Organization/2",)" +
                               kOrganization + "]");
  EXPECT_EQ(errors(other), Texts{});
  EXPECT_EQ(errors(other, core(), strict()),
            Texts{"bundle/full-url at Bundle.entry[0]"});
}

TEST(BundleRulesTest, RelativeReferencesCountFromAFullUrl) {
  const std::string kEntry =
      R"("resource":{"resourceType":"Organization","name":"A","partOf":)"
      R"({"reference":"Organization/2"}},"request":{"method":"POST","url":)"
      R"("Organization"}}])";
  const auto without = bundle("transaction", R"("entry":[{)" + kEntry);
  EXPECT_EQ(errors(without), Texts{});
  EXPECT_EQ(errors(without, core(), strict()),
            Texts{"bundle/full-url at Bundle.entry[0]"});
  EXPECT_EQ(
      errors(bundle("transaction",
                    R"("entry":[{"fullUrl":)"
                    R"("urn:uuid:00000000-0000-4000-8000-000000000001",)" +
                        kEntry),
             core(), strict()),
      Texts{});
}

TEST(BundleRulesTest, ARelationHasOneLink) {
  EXPECT_EQ(errors(bundle("searchset",
                          R"("link":[{"relation":"self","url":"http://a"},)"
                          R"({"relation":"self","url":"http://b"}])")),
            Texts{"bundle/link at Bundle.link[1]"});
}

TEST(BundleRulesTest, ADocumentHangsTogether) {
  const std::string kDocument = bundle(
      "document",
      R"("identifier":{"system":"http://a","value":"1"},"timestamp":)"
      R"("2026-04-06T09:00:00Z","entry":[{"fullUrl":"http://a/Composition/1",)"
      R"("resource":{"resourceType":"Composition","id":"1","status":"final",)"
      R"("type":{"text":"t"},"date":"2026","title":"t","author":[{"reference":)"
      R"("Practitioner/9"}]}},{"fullUrl":"http://a/Organization/1",)" +
          kOrganization + "]");
  const auto found = errors(kDocument, core(), strict());
  EXPECT_EQ(found,
            (Texts{"bundle/unresolved at Bundle.entry[0].resource.author[0]",
                   "bundle/unreachable at Bundle.entry[1]"}));
}

}  // namespace
}  // namespace gateway::validate
