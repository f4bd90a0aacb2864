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

}  // namespace
}  // namespace gateway::validate
