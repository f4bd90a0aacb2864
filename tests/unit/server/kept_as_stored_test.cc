#include "server/kept_as_stored.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kStored =
    R"({"resourceType":"Patient","id":"1","birthDate":"1984-02-17",)"
    R"("active":true,"multipleBirthInteger":17,)"
    R"("name":[{"family":"Doe","given":["Janet","Q"],"use":"official"}],)"
    R"("generalPractitioner":[{"reference":"Practitioner/7"}]})";

std::vector<std::string> more(const std::string& sent) {
  const auto document = JsonDocument::parse(sent);
  return not_stored(kStored, document->root());
}

TEST(KeptAsStoredTest, SaysNothingOfWhatIsStored) {
  EXPECT_THAT(more(R"({"resourceType":"Patient","birthDate":"1984-02-17"})"),
              IsEmpty());
  EXPECT_THAT(more(R"({"name":[{"given":["Janet"],"family":"Doe"}]})"),
              IsEmpty());
  EXPECT_THAT(more(R"({"meta":{"source":"x"},"generalPractitioner":)"
                   R"([{"reference":"urn:uuid:2"}]})"),
              IsEmpty());
}

TEST(KeptAsStoredTest, NamesTheElementsThatSayMoreOrSomethingElse) {
  EXPECT_THAT(more(R"({"birthDate":"1985-02-17","gender":"female",)"
                   R"("name":[{"family":"Doe","given":["Janet"]}]})"),
              ElementsAre("birthDate", "gender"));
  EXPECT_THAT(more(R"({"name":[{"family":"Roe"}]})"), ElementsAre("name"));
  // That it stands elsewhere is not enough.
  EXPECT_THAT(more(R"({"active":true,"deceasedBoolean":true,)"
                   R"("multipleBirthInteger":1})"),
              ElementsAre("deceasedBoolean", "multipleBirthInteger"));
}

TEST(KeptAsStoredTest, TellsItWithItsRemedyAndNoValue) {
  const auto sent = JsonDocument::parse(
      R"({"resourceType":"Patient","birthDate":"1985-02-17"})");
  const auto finding = kept_as_stored(kStored, sent->root(), "Bundle.entry[0]");
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->rule, "v2/kept-as-stored");
  EXPECT_EQ(finding->severity, fhir::Severity::information);
  EXPECT_EQ(finding->expression, "Bundle.entry[0].birthDate");
  EXPECT_THAT(finding->remedy, testing::HasSubstr("ADT^A08"));
  EXPECT_THAT(finding->text, testing::Not(testing::HasSubstr("1985")));
  EXPECT_FALSE(kept_as_stored(
      kStored, JsonDocument::parse(R"({"resourceType":"Patient"})")->root(),
      "Bundle.entry[0]"));
}

}  // namespace
}  // namespace gateway::server
