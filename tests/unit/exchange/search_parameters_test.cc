#include "exchange/search_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> entries(const std::string& text) {
  std::vector<std::string> lines;
  const auto document = json_of(text);
  for (const auto& [param, value] :
       index_entries(document.root(), test_site())) {
    lines.push_back(param + "=" + value);
  }
  return lines;
}

TEST(SearchParametersTest, TypesAreSortedAndFound) {
  const auto types = resource_types();
  EXPECT_TRUE(std::is_sorted(
      types.begin(), types.end(),
      [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const auto& type : types) EXPECT_EQ(find_type(type.name), &type);
  EXPECT_EQ(find_type("Nothing"), nullptr);
  EXPECT_EQ(find_type(""), nullptr);
  EXPECT_EQ(find_type("claim"), nullptr);
}

// Each parameter that is covered by another lies in the same element.
TEST(SearchParametersTest, CoveringParametersExist) {
  for (const auto& type : resource_types()) {
    for (const auto& parameter : type.parameters) {
      const auto* const index = find_parameter(type, parameter.index_name());
      ASSERT_NE(index, nullptr) << type.name;
      EXPECT_EQ(index->path, parameter.path) << type.name;
      EXPECT_TRUE(index->covered_by.empty()) << type.name;
    }
  }
}

TEST(SearchParametersTest, IndexesASession) {
  EXPECT_THAT(entries(R"({"resourceType":"Procedure","status":"completed",
        "identifier":[{"system":"urn:ehr","value":"s-1"}],
        "subject":{"reference":"Patient/p"},
        "basedOn":[{"reference":"ServiceRequest/r"},
                   {"reference":"http://gate.example/fhir/CarePlan/c"}]})"),
              ElementsAre("identifier=urn:ehr|s-1", "identifier=s-1",
                          "identifier=urn:ehr|", "subject=Patient/p",
                          "status=completed", "based-on=ServiceRequest/r",
                          "based-on=CarePlan/c"));
}

TEST(SearchParametersTest, IndexesEachKindOnce) {
  EXPECT_THAT(entries(R"({"resourceType":"Claim","status":"active",
                "use":"claim","patient":{"reference":"Patient/p/_history/2"},
                "identifier":[{"value":"1"},{"value":"1"},{"system":"s"}]})"),
              ElementsAre("identifier=|1", "identifier=1", "identifier=s|",
                          "patient=Patient/p", "status=active", "use=claim"));
}

TEST(SearchParametersTest, IndexesOnlyWhatAParameterMayFind) {
  EXPECT_THAT(
      entries(R"({"resourceType":"Appointment","status":"booked","participant":[
        {"actor":{"reference":"Practitioner/d"}},
        {"actor":{"reference":"Patient/p"}},
        {"actor":{"display":"nobody"}}]})"),
      ElementsAre("patient=Patient/p", "status=booked"));
}

TEST(SearchParametersTest, IndexesOtherReferencesAsWritten) {
  EXPECT_THAT(entries(R"({"resourceType":"Task","status":"requested",
        "for":{"reference":"urn:uuid:1"},"focus":{"reference":"#inside"},
        "basedOn":[{"identifier":{"value":"x"}}]})"),
              ElementsAre("subject=urn:uuid:1", "status=requested"));
}

TEST(SearchParametersTest, IndexesAlternativeElements) {
  EXPECT_THAT(entries(R"({"resourceType":"DocumentReference",
                "masterIdentifier":{"value":"m"},
                "identifier":[{"value":"i"}]})"),
              ElementsAre("identifier=|m", "identifier=m", "identifier=|i",
                          "identifier=i"));
}

TEST(SearchParametersTest, SurvivesWhatIsNoResource) {
  EXPECT_THAT(entries("[]"), IsEmpty());
  EXPECT_THAT(entries("{}"), IsEmpty());
  EXPECT_THAT(entries(R"({"resourceType":"Nothing","status":"x"})"), IsEmpty());
  EXPECT_THAT(entries(R"({"resourceType":"Claim","patient":"x",
                          "identifier":{"value":[1]},"use":null})"),
              IsEmpty());
}

TEST(SearchParametersTest, FindsThePatient) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"({"resourceType":"Patient","id":"p"})", "Patient/p"},
      {R"({"resourceType":"Claim","patient":{"reference":"Patient/p"}})",
       "Patient/p"},
      {R"({"resourceType":"Coverage","beneficiary":{"reference":"Patient/p"}})",
       "Patient/p"},
      {R"({"resourceType":"Procedure","subject":{"reference":"Patient/p"}})",
       "Patient/p"},
      {R"({"resourceType":"Procedure","subject":{"reference":"Group/g"}})", ""},
      {R"({"resourceType":"Task","for":{"reference":"Patient/p"}})",
       "Patient/p"},
      {R"({"resourceType":"Appointment","participant":[
           {"actor":{"reference":"Location/l"}},
           {"actor":{"reference":"Patient/p"}}]})",
       "Patient/p"},
      {R"({"resourceType":"Organization"})", ""},
      {R"({"resourceType":"Nothing"})", ""},
  };
  for (const auto& [text, wanted] : kCases) {
    EXPECT_EQ(patient_of(json_of(text).root(), test_site()), wanted) << text;
  }
}

TEST(SearchParametersTest, FindsTheStatus) {
  EXPECT_EQ(status_of(json_of(R"({"status":"draft"})").root()), "draft");
  EXPECT_EQ(status_of(json_of(R"({"status":{}})").root()), "");
  EXPECT_EQ(status_of(json_of("{}").root()), "");
}

}  // namespace
}  // namespace gateway::exchange
