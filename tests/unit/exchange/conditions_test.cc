#include "exchange/conditions.h"

#include <gtest/gtest.h>

namespace gateway::exchange {
namespace {

TEST(ConditionsTest, EntityTags) {
  struct Case {
    const char* text;
    bool understood;
    bool matches_three;
  };
  const Case kCases[] = {
      {"W/\"3\"", true, true},    {"\"3\"", true, true},
      {" W/\"3\" ", true, true},  {"W/\"2\", W/\"3\"", true, true},
      {"*", true, true},          {"W/\"2\"", true, false},
      {"W/\"03x\"", true, false}, {"W/\"abc\"", true, false},
      {"W/\"-3\"", true, false},  {"W/\"99999999999\"", true, false},
      {"3", false, false},        {"W/3", false, false},
      {"\"", false, false},       {"W/\"3\",", false, false},
      {"", false, false},
  };
  for (const auto& [text, understood, matches] : kCases) {
    const auto tags = parse_entity_tags(text);
    ASSERT_EQ(tags.has_value(), understood) << text;
    EXPECT_EQ(tags && tags->match(3), matches) << text;
  }
}

TEST(ConditionsTest, NoTagMatchesWhatDoesNotExist) {
  EXPECT_FALSE(parse_entity_tags("*")->match(std::nullopt));
  EXPECT_FALSE(parse_entity_tags("W/\"1\"")->match(std::nullopt));
}

TEST(ConditionsTest, Preferences) {
  struct Case {
    transport::Headers headers;
    Return what;
    Handling handling;
  };
  const Case kCases[] = {
      {{}, Return::representation, Handling::lenient},
      {{{"prefer", "return=minimal"}}, Return::minimal, Handling::lenient},
      {{{"prefer", "return=OperationOutcome"}},
       Return::operation_outcome,
       Handling::lenient},
      {{{"prefer", "RETURN=\"minimal\""}}, Return::minimal, Handling::lenient},
      {{{"prefer", "handling=strict, return=minimal"}},
       Return::minimal,
       Handling::strict},
      {{{"prefer", "handling=strict; return=minimal"}},
       Return::minimal,
       Handling::strict},
      {{{"prefer", "handling=strict"}, {"prefer", "return=minimal"}},
       Return::minimal,
       Handling::strict},
      {{{"prefer", "respond-async, return=nothing, x=y"}},
       Return::representation,
       Handling::lenient},
      {{{"accept", "return=minimal"}},
       Return::representation,
       Handling::lenient},
  };
  for (const auto& [headers, what, handling] : kCases) {
    const auto preferences = parse_preferences(headers);
    EXPECT_EQ(preferences.what, what);
    EXPECT_EQ(preferences.handling, handling);
  }
}

TEST(ConditionsTest, HttpDates) {
  const auto instant = *parse_instant("1994-11-06T08:49:37Z");
  EXPECT_EQ(http_date(instant), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(instant + std::chrono::microseconds(999999)),
            "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), instant);
}

TEST(ConditionsTest, HttpDatesRoundTrip) {
  for (std::int64_t day = 0; day < 40000; day += 7) {
    const Instant instant(std::chrono::seconds(day * 86400 + day));
    EXPECT_EQ(parse_http_date(http_date(instant)), instant);
  }
}

TEST(ConditionsTest, OtherDatesDoNotCount) {
  for (const auto* const text :
       {"", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace gateway::exchange
