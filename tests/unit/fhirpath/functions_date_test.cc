#include <gtest/gtest.h>

#include "fhirpath/functions.h"
#include "unit/fhirpath/small_model.h"

namespace gateway::fhirpath {
namespace {

TEST(DateFunctions, TakeDatesApart) {
  constexpr ExpressionCase kCases[] = {
      {"@2014-03-05.yearOf()", "Integer 2014"},
      {"@2014-03.dayOf()", ""},
      {"@2014-03-05T10:20:30.456+05:30.millisecondOf()", "Integer 456"},
      {"@2014-03-05T10:20:30+05:30.timezoneOffsetOf()", "Decimal 5.5"},
      {"@2014-03-05T10:20:30Z.dateOf()", "Date 2014-03-05"},
      {"@2014-03-05T10:20:30Z.timeOf()", "Time 10:20:30"},
  };
  expect_found(kCases);
}

TEST(DateFunctions, NeedAClock) {
  constexpr ExpressionCase kCases[] = {
      {"now()", "execution error"},
      {"today()", "execution error"},
  };
  expect_found(kCases);
}

TEST(DateFunctions, TellTheTimeOfTheEnvironment) {
  Environment environment;
  environment.now = parse_instant("2026-03-01T03:30:00Z");
  environment.offset = std::chrono::minutes(-360);
  const auto ask = [&](std::string_view expression) {
    return found(expression, {}, &small_model(), environment);
  };
  EXPECT_EQ(ask("now()"), "DateTime 2026-02-28T21:30:00.000-06:00");
  EXPECT_EQ(ask("today()"), "Date 2026-02-28");
  EXPECT_EQ(ask("timeOfDay()"), "Time 21:30:00.000");
  EXPECT_EQ(ask("now() > today()"), "");
}

}  // namespace
}  // namespace gateway::fhirpath
