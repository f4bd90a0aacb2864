#include "unit/validate/core.h"
#include "validate/checker.h"

namespace gateway::validate {
namespace {

const std::string kTelecom =
    R"([{"path":"Patient.telecom","slicing":{"discriminator":)"
    R"([{"type":"value","path":"system"}],"rules":"closed","ordered":true}},)"
    R"({"path":"Patient.telecom","sliceName":"phone","min":1,"max":"1"},)"
    R"({"path":"Patient.telecom.system","min":1,"fixedCode":"phone"},)"
    R"({"path":"Patient.telecom","sliceName":"email","max":"1"},)"
    R"({"path":"Patient.telecom.system","min":1,"fixedCode":"email"},)"
    R"({"path":"Patient.telecom.value","min":1}])";

struct Case {
  const char* telecom;
  Texts expected;
};

TEST(SlicingTest, ByValueClosedAndOrdered) {
  const auto definitions = with({profile_text("s", "Patient", kTelecom)});
  const Case cases[] = {
      {R"([{"system":"phone","value":"1"}])", {}},
      {R"([{"system":"email","value":"a"}])", {"profile/min at Patient"}},
      {R"([{"system":"phone"},{"system":"phone"}])",
       {"profile/max at Patient"}},
      {R"([{"system":"phone","value":"1"},{"system":"fax","value":"1"}])",
       {"profile/slice at Patient.telecom[1]"}},
      {R"([{"system":"email","value":"a"},{"system":"phone","value":"1"}])",
       {"profile/slice-order at Patient.telecom[1]"}},
      {R"([{"system":"phone","value":"1"},{"system":"email"}])",
       {"profile/min at Patient.telecom[1]"}},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(errors(R"({"resourceType":"Patient",)" + claims("s") +
                         R"(,"telecom":)" + test.telecom + "}",
                     definitions),
              test.expected)
        << test.telecom;
  }
}

TEST(SlicingTest, ByTypeAndByExistence) {
  const auto by_type = with({profile_text(
      "t", "Observation",
      R"([{"path":"Observation.value[x]","slicing":{"discriminator":)"
      R"([{"type":"type","path":"$this"}],"rules":"open"}},)"
      R"({"path":"Observation.value[x]","sliceName":"valueString","min":1,)"
      R"("type":[{"code":"string"}]}])")});
  const auto observation = [](const std::string& value) {
    return R"({"resourceType":"Observation",)" + claims("t") +
           R"(,"status":"final","code":{"text":"x"},)" + value + "}";
  };
  EXPECT_EQ(errors(observation(R"("valueString":"a")"), by_type), Texts{});
  EXPECT_EQ(errors(observation(R"("valueInteger":1)"), by_type),
            Texts{"profile/min at Observation"});

  const auto by_existence = with({profile_text(
      "t", "Observation",
      R"([{"path":"Observation.component","slicing":{"discriminator":)"
      R"([{"type":"exists","path":"interpretation"}],"rules":"open"}},)"
      R"({"path":"Observation.component","sliceName":"read","max":"1"},)"
      R"({"path":"Observation.component.interpretation","min":1}])")});
  const std::string kRead =
      R"({"code":{"text":"c"},"interpretation":[{"text":"i"}]})";
  EXPECT_EQ(errors(observation(R"("component":[)" + kRead + "," + kRead + "]"),
                   by_existence),
            Texts{"profile/max at Observation"});
}

// What no value set at hand can tell counts as possible: neither too many nor
// too few.
TEST(SlicingTest, CodesThatCannotBeCheckedMayBelong) {
  const auto definitions = with({profile_text(
      "u", "Patient",
      R"([{"path":"Patient.maritalStatus.coding","slicing":{"discriminator":)"
      R"([{"type":"value","path":"$this"}],"rules":"open"}},)"
      R"({"path":"Patient.maritalStatus.coding","sliceName":"own","min":1,)"
      R"("max":"1","binding":{"strength":"required","valueSet":)"
      R"("http://nobody.example/vs"}}])")});
  const auto found = [&](const std::string& marital) {
    return errors(R"({"resourceType":"Patient",)" + claims("u") +
                      R"(,"maritalStatus":)" + marital + "}",
                  definitions);
  };
  const std::string kCoding =
      R"({"system":"http://nobody.example","code":"a"})";
  EXPECT_EQ(found(R"({"coding":[)" + kCoding + "]}"), Texts{});
  EXPECT_EQ(found(R"({"coding":[)" + kCoding + ',' + kCoding + "]}"), Texts{});
  EXPECT_EQ(found(R"({"text":"t"})"),
            Texts{"profile/min at Patient.maritalStatus"});
}

std::string patient_of(const std::string& profile, const std::string& telecom) {
  return R"({"resourceType":"Patient",)" + claims(profile) + R"(,"telecom":[)" +
         telecom + "]}";
}

TEST(SlicingTest, OpenAtTheEndOnly) {
  const auto definitions = with({profile_text(
      "e", "Patient",
      R"([{"path":"Patient.telecom","slicing":{"discriminator":)"
      R"([{"type":"value","path":"system"}],"rules":"openAtEnd"}},)"
      R"({"path":"Patient.telecom","sliceName":"phone"},)"
      R"({"path":"Patient.telecom.system","min":1,"fixedCode":"phone"}])")});
  const std::string kPhone = R"({"system":"phone","value":"1"})";
  const std::string kFax = R"({"system":"fax","value":"1"})";
  EXPECT_EQ(errors(patient_of("e", kPhone + ',' + kFax), definitions), Texts{});
  EXPECT_EQ(errors(patient_of("e", kFax + ',' + kPhone), definitions),
            Texts{"profile/slice at Patient.telecom[1]"});
}

TEST(SlicingTest, ASliceMayBeSlicedAgain) {
  const auto definitions = with({profile_text(
      "r", "Patient",
      R"([{"path":"Patient.telecom","slicing":{"discriminator":)"
      R"([{"type":"value","path":"system"}],"rules":"open"}},)"
      R"({"path":"Patient.telecom","sliceName":"phone","slicing":)"
      R"({"discriminator":[{"type":"value","path":"use"}],"rules":"open"}},)"
      R"({"path":"Patient.telecom.system","min":1,"fixedCode":"phone"},)"
      R"({"path":"Patient.telecom","sliceName":"phone/home","max":"1"},)"
      R"({"path":"Patient.telecom.system","min":1,"fixedCode":"phone"},)"
      R"({"path":"Patient.telecom.use","min":1,"fixedCode":"home"}])")});
  const std::string kHome = R"({"system":"phone","value":"1","use":"home"})";
  const std::string kWork = R"({"system":"phone","value":"1","use":"work"})";
  const std::string kMail = R"({"system":"email","value":"1","use":"home"})";
  EXPECT_EQ(
      errors(patient_of("r", kHome + ',' + kWork + ',' + kMail), definitions),
      Texts{});
  EXPECT_EQ(errors(patient_of("r", kHome + ',' + kHome), definitions),
            Texts{"profile/max at Patient"});
}

TEST(SlicingTest, ByPatternProfileAndExtension) {
  const auto by_pattern = with({profile_text(
      "p", "Observation",
      R"([{"path":"Observation.category","slicing":{"discriminator":)"
      R"([{"type":"pattern","path":"$this"}],"rules":"open"}},)"
      R"({"path":"Observation.category","sliceName":"x","max":"1",)"
      R"("patternCodeableConcept":{"text":"x"}}])")});
  const auto observation = [](const std::string& profile,
                              const std::string& rest) {
    return R"({"resourceType":"Observation",)" + claims(profile) +
           R"(,"status":"final","code":{"text":"x"},)" + rest + "}";
  };
  EXPECT_EQ(
      errors(observation("p", R"("category":[{"text":"x"},{"text":"y"}])"),
             by_pattern),
      Texts{});
  EXPECT_EQ(
      errors(observation("p", R"("category":[{"text":"x"},{"text":"x"}])"),
             by_pattern),
      Texts{"profile/max at Observation"});

  const auto by_profile = with(
      {profile_text(
           "o", "Observation",
           R"([{"path":"Observation.derivedFrom","slicing":{"discriminator":)"
           R"-([{"type":"profile","path":"resolve()"}],"rules":"open"}},)-"
           R"({"path":"Observation.derivedFrom","sliceName":"done","max":"1",)"
           R"("type":[{"code":"Reference","targetProfile":)"
           R"(["http://example.org/done"]}]}])"),
       profile_text("done", "Observation",
                    R"([{"path":"Observation.status","fixedCode":"final"}])")});
  const auto derived = [&](const std::string& second) {
    const auto part = [](const std::string& id, const std::string& status) {
      return R"({"resourceType":"Observation","id":")" + id +
             R"(","status":")" + status + R"(","code":{"text":"x"}})";
    };
    return observation("o", R"("contained":[)" + part("a", "final") + ',' +
                                part("b", second) +
                                R"(],"derivedFrom":[{"reference":"#a"},)"
                                R"({"reference":"#b"}])");
  };
  EXPECT_EQ(errors(derived("amended"), by_profile), Texts{});
  EXPECT_EQ(errors(derived("final"), by_profile),
            Texts{"profile/max at Observation"});

  const std::string kPlace =
      "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
  const auto by_url = with({profile_text(
      "x", "Patient",
      R"([{"path":"Patient.extension","sliceName":"place","min":1,"type":)"
      R"([{"code":"Extension","profile":[")" +
          kPlace + R"("]}]}])")});
  const std::string kPatient = R"({"resourceType":"Patient",)" + claims("x");
  EXPECT_EQ(errors(kPatient + "}", by_url), Texts{"profile/min at Patient"});
  EXPECT_EQ(errors(kPatient + R"(,"extension":[{"url":")" + kPlace +
                       R"(","valueAddress":{"city":"A"}}]})",
                   by_url),
            Texts{});
}

}  // namespace
}  // namespace gateway::validate
