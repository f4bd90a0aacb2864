#include "server/patient_numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/server/scratch_gateway.h"

namespace gateway::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class PatientNumbersTest : public testing::Test {
 protected:
  std::string post(const std::string& value) {
    return gateway_
        .post("/fhir/Patient",
              R"({"resourceType":"Patient","identifier":[{"system":"s",)"
              R"("value":")" +
                  value + "\"}]}")
        .written();
  }
  PatientsNamed named(const std::vector<PatientNumber>& numbers) {
    const auto& parts = gateway_.parts();
    auto found = patients_named(numbers, "demo-ehr", parts.site, parts.store);
    EXPECT_TRUE(found);
    return found ? *std::move(found) : PatientsNamed();
  }
  fhir::Outcome several(const std::vector<PatientNumber>& numbers) {
    return named(numbers).several;
  }

  ScratchGateway gateway_;
  const PatientNumber one_{"s", "1", "PID-3[1]", 0};
  const PatientNumber two_{"s", "2", "PID-3[2]", 1};
};

TEST_F(PatientNumbersTest, NumbersOfOnePatientOrOfNobodyAreRight) {
  EXPECT_THAT(several({one_, two_}).findings(), IsEmpty());
  post("1");
  EXPECT_THAT(several({one_, two_}).findings(), IsEmpty());
  EXPECT_THAT(several({one_, one_}).findings(), IsEmpty());
}

TEST_F(PatientNumbersTest, OneKnownNumberSaysWhoseTheMessageIs) {
  EXPECT_FALSE(named({one_, two_}).only);
  const auto second = post("2");
  ASSERT_TRUE(named({one_, two_}).only);
  EXPECT_EQ(named({one_, two_}).only->text(), second);
  EXPECT_EQ(named({one_, two_}).first, 1U);
  EXPECT_EQ(named({two_, one_}).first, 0U);
  post("1");
  EXPECT_FALSE(named({one_, two_}).only);
}

TEST_F(PatientNumbersTest, NumbersOfTwoPatientsAreToldWithTheirPlaces) {
  const auto first = post("1");
  const auto second = post("2");
  const auto found = several({one_, two_}).findings();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].rule, kSeveralPatients);
  EXPECT_EQ(found[0].expression, "PID-3");
  EXPECT_EQ(found[0].severity, fhir::Severity::warning);
  EXPECT_THAT(found[0].seen, HasSubstr(first + " by PID-3[1]"));
  EXPECT_THAT(found[0].seen, HasSubstr(second + " by PID-3[2]"));
}

TEST_F(PatientNumbersTest, ANumberThatTwoPatientsBearTells) {
  post("1");
  post("1");
  EXPECT_THAT(several({one_}).findings(), SizeIs(1));
}

TEST_F(PatientNumbersTest, LanesAreThoseOfConditions) {
  const auto& site = gateway_.parts().site;
  EXPECT_THAT(number_lanes({one_, two_}, "demo-ehr", site),
              testing::ElementsAre("1 demo-ehr Patient?identifier=s%7C1",
                                   "1 demo-ehr Patient?identifier=s%7C2"));
}

// Where a map stored it: by that number it named what else it made.
TEST_F(PatientNumbersTest, TheNumberThatIsStoredFirstComesFirst) {
  const std::string numbers =
      R"("identifier":[{"system":"s","value":"0"},)"
      R"({"system":"s","value":"2"},{"system":"s","value":"1"}]})";
  const auto mapped = gateway_.post(
      "/fhir/Patient",
      R"({"resourceType":"Patient","meta":{"source":"h/map/ADT_A01|1"},)" +
          numbers);
  EXPECT_EQ(named({one_, two_}).first, 1U);
  EXPECT_EQ(named({two_, one_}).first, 0U);
  const auto put = gateway_.put("/fhir/" + mapped.written(),
                                R"({"resourceType":"Patient","id":")" +
                                    mapped.written().substr(8) +
                                    R"(","gender":"male",)" + numbers);
  ASSERT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(named({one_, two_}).first, 0U);
}

TEST(KnownByAnotherTest, IsToldOfWhatAMapStored) {
  const auto stored = [](const std::string& source) {
    return R"({"resourceType":"Patient","meta":{"source":")" + source +
           R"("},"identifier":[{"system":"s","value":"1"},)" +
           R"({"system":"s","value":"2"}]})";
  };
  const auto told = [](const std::string& body, const std::string& value) {
    const auto sent = JsonDocument::parse(
        R"({"identifier":[{"value":"0"},{"system":"s", "value":")" + value +
        "\"}]}");
    return known_by_another(body, sent->root(), "Bundle.entry[0].resource");
  };
  const auto mapped = stored("https://here/map/REF_I12|aa");
  EXPECT_FALSE(told(mapped, "1"));
  ASSERT_TRUE(told(mapped, "2"));
  EXPECT_EQ(told(mapped, "2")->rule, "v2/known-by-another-number");
  EXPECT_EQ(told(mapped, "2")->expression,
            "Bundle.entry[0].resource.identifier");
  EXPECT_FALSE(told(stored("https://elsewhere"), "2"));
}

}  // namespace
}  // namespace gateway::server
