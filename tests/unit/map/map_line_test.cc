#include "map/map_line.h"

#include <gtest/gtest.h>

namespace gateway::map {
namespace {

TEST(MapLineTest, PartsTokensInOneWay) {
  struct Case {
    const char* before;
    const char* after;
  };
  constexpr Case kCases[] = {
      {"map:   hello", "map: hello"},
      {"events:  [  A ,B,C  ]", "events: [A, B, C]"},
      {"name: {$each:  PID-5,$use: XPN}", "name: { $each: PID-5, $use: XPN }"},
      {"none: [  ]", "none: []"},
      {"none: {  }", "none: {}"},
      {"in: {a: [{b: 1}]}", "in: { a: [{ b: 1 }] }"},
      {"\"k\" :  1", "\"k\": 1"},
      {"{\"k\":1}", "{ \"k\": 1 }"},
      // Texts keep what they have.
      {"text: a   b, c [d]  { e }", "text: a   b, c [d]  { e }"},
      {"text: 'it''s  so:  x'", "text: 'it''s  so:  x'"},
      {R"(text: "a \" b:   c")", R"(text: "a \" b:   c")"},
      {"text: don't   stop", "text: don't   stop"},
      {"url: http://a:b/c#d", "url: http://a:b/c#d"},
      {"a: 1   # as it  was: x", "a: 1   # as it  was: x"},
      {"a:\tb", "a: b"},
      {"a: 1  ", "a: 1"},
  };
  for (const auto& each : kCases) {
    MapLine line;
    EXPECT_EQ(line.spaced(each.before), each.after);
    EXPECT_FALSE(line.in_quotes()) << each.before;
    EXPECT_FALSE(line.in_brackets()) << each.before;
  }
}

TEST(MapLineTest, KnowsWhatALineLeavesOpen) {
  MapLine line;
  line.spaced("a: \"b");
  EXPECT_TRUE(line.in_quotes());
  EXPECT_EQ(line.spaced("c\"  "), "c\"");
  EXPECT_FALSE(line.in_quotes());
  line.spaced("a: [b,");
  EXPECT_TRUE(line.in_brackets());
  EXPECT_EQ(line.spaced("c,d]"), "c, d]");
  EXPECT_FALSE(line.in_brackets());
  line.spaced("a: >-");
  EXPECT_TRUE(line.begins_block());
  line.spaced("a: b");
  EXPECT_TRUE(line.ends_plain());
  EXPECT_FALSE(line.begins_block());
  line.spaced("a:");
  EXPECT_FALSE(line.ends_plain());
}

}  // namespace
}  // namespace gateway::map
