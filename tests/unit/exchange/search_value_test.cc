#include "exchange/search_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exchange/search_parameters.h"
#include "unit/exchange/exchange_fixture.h"

namespace gateway::exchange {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SearchValueTest, SplitsWhereNoBackslashEscapes) {
  EXPECT_THAT(split_escaped("a,b", ','), ElementsAre("a", "b"));
  EXPECT_THAT(split_escaped("a\\,b,c", ','), ElementsAre("a\\,b", "c"));
  EXPECT_THAT(split_escaped("a\\\\,b", ','), ElementsAre("a\\\\", "b"));
  EXPECT_THAT(split_escaped("", ','), ElementsAre(""));
  EXPECT_THAT(split_escaped(",", ','), ElementsAre("", ""));
  EXPECT_THAT(split_escaped("a\\", ','), ElementsAre("a\\"));
}

TEST(SearchValueTest, UndoesTheEscapesOfQueries) {
  EXPECT_EQ(unescaped("a\\,b\\|c\\$d\\\\e"), "a,b|c$d\\e");
  EXPECT_EQ(unescaped("\\n"), "\\n");
  EXPECT_EQ(unescaped("\\"), "\\");
}

// No two pairs of system and value have the same text.
TEST(SearchValueTest, TokenTextsAreUnambiguous) {
  EXPECT_EQ(token_text("urn:a", "1"), "urn:a|1");
  EXPECT_NE(token_text("a", "b|c"), token_text("a|b", "c"));
  EXPECT_NE(token_text("a\\", "|b"), token_text("a", "\\|b"));
}

std::optional<std::vector<std::string>> values(std::string_view type,
                                               std::string_view parameter,
                                               std::string_view text,
                                               std::string_view target = {}) {
  return index_values(*find_parameter(*find_type(type), parameter), target,
                      text, test_site());
}

TEST(SearchValueTest, Identifiers) {
  EXPECT_THAT(*values("Patient", "identifier", "1"), ElementsAre("1"));
  EXPECT_THAT(*values("Patient", "identifier", "s|1"), ElementsAre("s|1"));
  EXPECT_THAT(*values("Patient", "identifier", "|1"), ElementsAre("|1"));
  EXPECT_THAT(*values("Patient", "identifier", "s|"), ElementsAre("s|"));
  EXPECT_THAT(*values("Patient", "identifier", "a\\|b"), ElementsAre("a\\|b"));
  EXPECT_FALSE(values("Patient", "identifier", "|"));
  EXPECT_FALSE(values("Patient", "identifier", "a|b|c"));
}

TEST(SearchValueTest, Codes) {
  const std::string system = "http://hl7.org/fhir/fm-status";
  EXPECT_THAT(*values("Claim", "status", "active"), ElementsAre("active"));
  EXPECT_THAT(*values("Claim", "status", system + "|active"),
              ElementsAre("active"));
  EXPECT_THAT(*values("Claim", "status", "|active"), ElementsAre("active"));
  EXPECT_THAT(*values("Claim", "status", system + "|"), IsEmpty())
      << "all that have a status";
  EXPECT_THAT(*values("Claim", "status", "urn:other|active"), ElementsAre("|"))
      << "none";
  EXPECT_FALSE(values("Claim", "status", "|"));
  EXPECT_FALSE(values("Claim", "status", ""));
}

TEST(SearchValueTest, References) {
  EXPECT_THAT(*values("Claim", "patient", "Patient/1"),
              ElementsAre("Patient/1"));
  EXPECT_THAT(*values("Claim", "patient", "1"), ElementsAre("Patient/1"));
  EXPECT_THAT(*values("Claim", "patient", "Patient/1/_history/3"),
              ElementsAre("Patient/1"));
  EXPECT_THAT(*values("Claim", "patient", "http://gate.example/fhir/Patient/1"),
              ElementsAre("Patient/1"));
  EXPECT_THAT(*values("Claim", "patient", "http://other.example/Patient/1"),
              ElementsAre("http://other.example/Patient/1"));
  EXPECT_THAT(*values("Procedure", "subject", "1"),
              ElementsAre("Patient/1", "Group/1"));
  EXPECT_THAT(*values("Procedure", "subject", "1", "Group"),
              ElementsAre("Group/1"));
  EXPECT_EQ(values("Task", "focus", "1")->size(), resource_types().size());
  EXPECT_FALSE(values("Claim", "patient", "Group/1")) << "no Patient";
  EXPECT_FALSE(values("Claim", "patient", "a/b/c"));
  EXPECT_FALSE(values("Claim", "patient", "Jane Doe"));
  EXPECT_FALSE(values("Procedure", "subject", "Group/1", "Group"));
  EXPECT_FALSE(values("Claim", "status", "active", "Group"));
}

struct RangeCase {
  const char* text;
  const char* from;   // empty: open
  const char* until;  // empty: open
};

TEST(SearchValueTest, DatesAreRangesByTheirPrecision) {
  const RangeCase kCases[] = {
      {"2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
      {"2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
      {"2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
      {"2026-04-06", "2026-04-06T00:00:00Z", "2026-04-07T00:00:00Z"},
      {"eq2026-04-06", "2026-04-06T00:00:00Z", "2026-04-07T00:00:00Z"},
      {"2026-04-06T10:00:00Z", "2026-04-06T10:00:00Z", "2026-04-06T10:00:01Z"},
      {"2026-04-06T10:00:00-05:00", "2026-04-06T15:00:00Z",
       "2026-04-06T15:00:01Z"},
      {"2026-04-06T10:00:00.5Z", "2026-04-06T10:00:00.5Z",
       "2026-04-06T10:00:00.6Z"},
      {"2026-04-06T10:00:00.123Z", "2026-04-06T10:00:00.123Z",
       "2026-04-06T10:00:00.124Z"},
      {"ge2026-04-06", "2026-04-06T00:00:00Z", ""},
      {"gt2026-04-06", "2026-04-07T00:00:00Z", ""},
      {"sa2026-04-06", "2026-04-07T00:00:00Z", ""},
      {"le2026-04-06", "", "2026-04-07T00:00:00Z"},
      {"lt2026-04-06", "", "2026-04-06T00:00:00Z"},
      {"eb2026-04-06", "", "2026-04-06T00:00:00Z"},
  };
  const auto instant = [](std::string_view text) {
    return text.empty() ? std::optional<Instant>() : parse_instant(text);
  };
  for (const auto& [text, from, until] : kCases) {
    const auto range = instant_range(text);
    ASSERT_TRUE(range) << text;
    EXPECT_EQ(range->from, instant(from)) << text;
    EXPECT_EQ(range->until, instant(until)) << text;
  }
}

TEST(SearchValueTest, WhatIsNoRange) {
  for (const auto* const text :
       {"", "ge", "ne2026-04-06", "ap2026", "2026-02-30", "yesterday",
        "2026-04-06T25:00:00Z", "xx2026"}) {
    EXPECT_FALSE(instant_range(text)) << text;
  }
}

}  // namespace
}  // namespace gateway::exchange
