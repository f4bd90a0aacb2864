#include "fhir/unit_format.h"

#include <gtest/gtest.h>

#include <string>

namespace gateway::fhir {
namespace {

TEST(UnitFormatTest, TakesWhatCanBeAUnit) {
  for (const char* code : {"m",
                           "kg",
                           "mg/dL",
                           "mm[Hg]",
                           "[lb_av]",
                           "[in_i]",
                           "Cel",
                           "%",
                           "1",
                           "10*3/uL",
                           "10*-6",
                           "/min",
                           "{score}",
                           "mL/min/{1.73_m2}",
                           "m2",
                           "kg.m/s2",
                           "s-1",
                           "g/(24.h)",
                           "[iU]/L",
                           "mm[H2O]",
                           "a",
                           "mo",
                           "wk",
                           "ug",
                           "dB",
                           "kBy",
                           "%{HemoglobinSaturation}",
                           "{reads}/{base}",
                           "[degF]",
                           "cal_[15]",
                           "B[SPL]",

                           "U/L",
                           "daL/min"}) {
    EXPECT_TRUE(is_unit_code(code)) << code;
  }
}

TEST(UnitFormatTest, RefusesWhatCanBeNone) {
  for (const char* code :
       {"",        "foo", "mg/",    "mg//dL",     "(m",  "m)",
        "{a",      "a}",  "[",      "[]",         "[a",  "kkg",
        "mg dL",   "lbs", "inch",   "Fahrenheit", "pct", "\xC2\xB5g",
        "km/hour", "m.",  "visits", "2.",         "mmin"}) {
    EXPECT_FALSE(is_unit_code(code)) << code;
  }
  EXPECT_FALSE(is_unit_code(std::string(5000, '(')));
  EXPECT_FALSE(
      is_unit_code("(((((((((((((((((((((((((((((m))))))))))))))"
                   ")))))))))))))))"));
}

}  // namespace
}  // namespace gateway::fhir
