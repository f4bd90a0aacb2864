#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(NumberFunctions, AreExactWhereTheyCan) {
  constexpr ExpressionCase kCases[] = {
      {"(-5).abs()", "Integer 5"},
      {"(-5.5 'mg').abs()", "Quantity 5.5 'mg'"},
      {"(-1.1).ceiling()", "Integer -1"},
      {"1.1.ceiling()", "Integer 2"},
      {"(-2.1).floor()", "Integer -3"},
      {"(-1.56).truncate()", "Integer -1"},
      {"3.14159.round(3)", "Decimal 3.142"},
      {"81.sqrt()", "Decimal 9"},
      {"2.sqrt()", "Decimal 1.414213562373095"},
      {"2.power(10)", "Integer 1024"},
      {"2.5.power(2)", "Decimal 6.25"},
      {"16.log(2)", "Decimal 4"},
      {"0.exp()", "Decimal 1"},
      {"1.ln()", "Decimal 0"},
  };
  expect_found(kCases);
}

TEST(NumberFunctions, AreEmptyWhereThereIsNoNumber) {
  constexpr ExpressionCase kCases[] = {
      {"(-1).sqrt()", ""},
      {"(-1).power(0.5)", ""},
      {"0.ln()", ""},
      {"1000000.exp()", ""},
      {"{}.abs()", ""},
      {"'a'.abs()", "execution error"},
      {"1.5.round(-1)", "execution error"},
  };
  expect_found(kCases);
}

}  // namespace
}  // namespace gateway::fhirpath
