#include "validate/references.h"

#include "unit/validate/core.h"

namespace gateway::validate {
namespace {

TEST(ReferencesTest, NamesTheTypeOfLiteralReferences) {
  EXPECT_EQ(literal_type("Patient/1"), "Patient");
  EXPECT_EQ(literal_type("http://a/b/Patient/1/_history/2"), "Patient");
  EXPECT_EQ(literal_type("urn:uuid:1"), "");
  EXPECT_EQ(literal_type("#p"), "");
  EXPECT_EQ(literal_type("Patient"), "");
  EXPECT_EQ(literal_type("Patient/a b"), "");
}

std::string bundle(const std::string& reference, const std::string& url) {
  return R"({"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":)"
         R"("http://a/fhir/Observation/1","resource":{"resourceType":)"
         R"("Observation","id":"1","status":"final","code":{"text":"x"},)"
         R"("subject":{"reference":")" +
         reference + R"("}}},{"fullUrl":")" + url +
         R"(","resource":{"resourceType":"Organization","id":"2",)"
         R"("name":"A"}}]})";
}

// An Organization is no subject: found only where the reference leads to it.
TEST(ReferencesTest, ResolvesWithinBundlesByFullUrl) {
  const Texts kFound{"reference/type at Bundle.entry[0].resource.subject"};
  const std::string kHere = "http://a/fhir/Organization/2";
  EXPECT_EQ(errors(bundle("http://a/fhir/Organization/2", kHere)), kFound);
  EXPECT_EQ(errors(bundle("Organization/2", kHere)), kFound);
  EXPECT_EQ(errors(bundle("urn:uuid:00000000-0000-4000-8000-000000000002",
                          "urn:uuid:00000000-0000-4000-8000-000000000002")),
            kFound);
  EXPECT_EQ(errors(bundle("urn:uuid:00000000-0000-4000-8000-000000000003",
                          "urn:uuid:00000000-0000-4000-8000-000000000002")),
            Texts{});
}

TEST(ReferencesTest, ContainedResourcesNeedIdsThatDiffer) {
  EXPECT_EQ(
      errors(R"({"resourceType":"Patient","contained":[{"resourceType":)"
             R"("Organization","name":"A","id":"o"},{"resourceType":)"
             R"("Organization","name":"B","id":"o"}],"managingOrganization":)"
             R"({"reference":"#o"}})"),
      Texts{"reference/contained-id at Patient.contained[1].id"});
}

}  // namespace
}  // namespace gateway::validate
