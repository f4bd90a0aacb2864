#include <gtest/gtest.h>

#include "fhirpath/evaluation.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(Walk, FollowsNamesAndTypes) {
  constexpr ExpressionCase kCases[] = {
      {"Patient.name.given",
       "string Ann, string Beth, string Annie, string, string Beth"},
      {"name.`family`", "string Doe, string Poe"},
      {"id", "id p1"},
      {"deceased", "boolean false"},
      {"contact.name.family", "string Roe"},
      {"contained.name", "string Acme"},
      {"DomainResource.id", "id p1"},
  };
  expect_found(kCases, kPatient);
}

TEST(Walk, KnowsSiblingsOfPrimitives) {
  constexpr ExpressionCase kCases[] = {
      {"birthDate.id", "string b1"},
      {"birthDate.extension.value", "string five"},
      {"birthDate.extension('u:hour').value", "string five"},
      {"name[2].given.count()", "Integer 2"},
      {"name[2].given[0].hasValue()", "Boolean false"},
      {"name[2].given[0].extension('u:why').value", "string unknown"},
      {"birthDate.value", "Date 1974-12-25"},
  };
  expect_found(kCases, kPatient);
}

TEST(Walk, FindsChoicesByTheirPlainName) {
  constexpr ExpressionCase kCases[] = {
      {"value.unit", "string lbs"},
      {"value.value", "decimal 185.0"},
      {"Observation.value.ofType(Quantity).code", "code [lb_av]"},
      {"value.ofType(Period)", ""},
  };
  expect_found(kCases, kObservation);
}

TEST(Walk, ReadsTreesWithoutTypes) {
  constexpr ExpressionCase kCases[] = {
      {"PID.name[0].family", "String Doe"},
      {"Thing.PID.name.count()", "Integer 2"},
      {"children().count()", "Integer 1"},
      {"PID.`name`[1].given", ""},
      {"nothing.at.all", ""},
  };
  expect_found(
      kCases,
      R"({"resourceType": "Thing", "PID": {"name": [{"family": "Doe"}, {}]}})",
      nullptr);
}

TEST(Walk, GivesChildren) {
  constexpr ExpressionCase kCases[] = {
      {"children().count()", "Integer 11"},
      {"name[2].given[0].children().count()", "Integer 1"},
      {"birthDate.children().count()", "Integer 2"},
  };
  expect_found(kCases, kPatient);
}

}  // namespace
}  // namespace gateway::fhirpath
