#include "server/v2_resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/mapped_message.h"

namespace gateway::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kBase = "https://workgate.example/fhir";
constexpr const char* kSource = "https://workgate.example/fhir/map/m|1";

Prepared ready(const std::string& message) {
  return prepared(*mapped(message), kBase, kSource);
}

Json resource_of(const JsonDocument& bundle, std::string_view type) {
  for (const Json entry : bundle.root().get("entry")) {
    const Json resource = entry.get("resource");
    if (resource.get("resourceType").text() == type) return resource;
  }
  return {};
}

TEST(V2ResourcesTest, EachResourceNamesItsMap) {
  const auto bundle =
      JsonDocument::parse(ready(sample("ADT_A03/session.hl7")).body);
  ASSERT_TRUE(bundle);
  for (const Json entry : bundle->root().get("entry")) {
    EXPECT_EQ(entry.find("resource.meta.source").text(), kSource);
  }
}

TEST(V2ResourcesTest, APeriodThatEndsBeforeItBeginsKeepsItsEndAside) {
  const auto made = ready(
      with(sample("ADT_A03/session.hl7"), "20260406104500", "20260406074500"));
  const auto bundle = JsonDocument::parse(made.body);
  ASSERT_TRUE(bundle);
  const Json period = resource_of(*bundle, "Procedure").get("performedPeriod");
  EXPECT_EQ(period.get("start").text(), "2026-04-06T08:00:00-05:00");
  EXPECT_FALSE(period.get("end").exists());
  const Json aside = period.find("_end.extension");
  EXPECT_EQ(aside.get("url").text(),
            std::string(kBase) + "/StructureDefinition/end-as-sent");
  EXPECT_EQ(aside.get("valueDateTime").text(), "2026-04-06T07:45:00-05:00");
  // The session is held; that of the visit is told, since nothing holds it.
  ASSERT_THAT(made.told.findings(), SizeIs(1));
  const auto& told = made.told.findings()[0];
  EXPECT_EQ(told.rule, "time/negative");
  EXPECT_EQ(told.severity, fhir::Severity::warning);
  EXPECT_THAT(told.expression, HasSubstr(".period"));
}

TEST(V2ResourcesTest, DaysAreComparedToo) {
  const auto made = ready(with(sample("REF_I12/complete.hl7"),
                               "20260405|20260705", "20260405|20260305"));
  EXPECT_THAT(made.body, HasSubstr("end-as-sent\",\"valueDateTime\":"
                                   "\"2026-03-05\""));
  EXPECT_THAT(made.told.findings(), IsEmpty());
}

TEST(V2ResourcesTest, APeriodOfOneInstantOrDayIsLeftAlone) {
  EXPECT_THAT(ready(with(sample("ADT_A03/session.hl7"), "20260406104500",
                         "20260406080000"))
                  .body,
              Not(HasSubstr("end-as-sent")));
  EXPECT_THAT(ready(with(sample("REF_I12/complete.hl7"), "20260405|20260705",
                         "20260405|20260405"))
                  .body,
              Not(HasSubstr("end-as-sent")));
}

TEST(V2ResourcesTest, ASlotThatEndsBeforeItBeginsIsTold) {
  const auto made = ready(with(sample("SIU_S12/booked.hl7"),
                               "20260406110000-0500|", "20260406070000-0500|"));
  ASSERT_THAT(made.told.findings(), SizeIs(1));
  EXPECT_EQ(made.told.findings()[0].rule, "time/negative");
  EXPECT_THAT(made.told.findings()[0].expression, HasSubstr(".start"));
  EXPECT_THAT(ready(sample("SIU_S12/booked.hl7")).told.findings(), IsEmpty());
}

TEST(V2ResourcesTest, SeveralNumbersOfAPatientHaveTheirPlaces) {
  EXPECT_THAT(patient_numbers(*mapped(sample("ADT_A03/session.hl7"))),
              IsEmpty());
  const auto numbers = patient_numbers(
      *mapped(with(sample("ADT_A03/session.hl7"), "P-100^^^EHR^MR",
                   "P-100^^^EHR^MR~P-2^^^OTHER^MR")));
  ASSERT_THAT(numbers, SizeIs(2));
  EXPECT_EQ(numbers[0].place, "PID-3[1]");
  EXPECT_EQ(numbers[1].place, "PID-3[2]");
  EXPECT_EQ(numbers[0].value, "P-100");
  EXPECT_THAT(numbers[1].system, HasSubstr("OTHER"));
  EXPECT_EQ(numbers[1].value, "P-2");
  EXPECT_EQ(numbers[0].repetition, 0U);
  EXPECT_EQ(numbers[1].repetition, 1U);
}

TEST(V2ResourcesTest, AnAccountIsNoNumberOfThePatient) {
  auto message = sample("ADT_A03/session.hl7");
  message =
      with(message, "^^1^713^5550101", "^^1^713^5550101|||||A-77|123-45-6789");
  EXPECT_THAT(patient_numbers(*mapped(message)), IsEmpty());
}

}  // namespace
}  // namespace gateway::server
