#include "map/map_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "map/plain_bytes.h"

namespace gateway::map {
namespace {

TEST(MapWriterTest, TakesBackWhatTurnsOutEmpty) {
  MapWriter writer;
  writer.open('{');
  writer.key("a");
  writer.value("x\"", false);
  const auto mark = writer.mark();
  writer.key("b");
  writer.open('[');
  const auto begin = writer.size();
  writer.value("1", true);
  writer.trace(begin, {.rule = 7}, true);
  EXPECT_TRUE(writer.has_values_since(mark));
  writer.take_back(mark);
  EXPECT_FALSE(writer.has_written_since(mark));
  writer.key("c");
  writer.value("true", true);
  writer.close('}');
  EXPECT_EQ(writer.text(), R"({"a":"x\"","c":true})");
  EXPECT_TRUE(writer.take_lineage().empty());
}

TEST(MapWriterTest, TracesWithoutTheComma) {
  MapWriter writer;
  writer.open('[');
  writer.value("1", true);
  const auto begin = writer.size();
  writer.value("2", true);
  writer.trace(begin, {.rule = 3}, true);
  const auto lineage = writer.take_lineage();
  ASSERT_EQ(lineage.size(), 1U);
  EXPECT_EQ(
      writer.text().substr(lineage[0].begin, lineage[0].end - lineage[0].begin),
      "2");
}

TEST(MapWriterTest, SaysWhereAllValuesSinceAMarkComeFrom) {
  MapWriter writer;
  writer.open('[');
  const auto mark = writer.mark();
  for (const ByteSpan source : {ByteSpan{3, 4}, ByteSpan{8, 9}}) {
    const auto begin = writer.size();
    writer.value("1", true);
    writer.trace(begin, {.source = source}, true);
  }
  std::vector<ByteSpan> sources;
  writer.add_sources(mark, sources);
  EXPECT_EQ(sources, (std::vector<ByteSpan>{{3, 4}, {8, 9}}));
}

TEST(MapWriterTest, GrowsAndGivesWhatWasWrittenAlone) {
  MapWriter writer;
  writer.open('[');
  const std::string text(20000, 'x');
  for (int i = 0; i < 3; ++i) writer.value(text, false);
  writer.close(']');
  const auto all = writer.take_text();
  EXPECT_EQ(all, "[\"" + text + "\",\"" + text + "\",\"" + text + "\"]");
}

// Eight bytes are looked at as one: each place and each end counts.
TEST(PlainBytesTest, FindWhatNeedsCareAtEachPlace) {
  for (std::size_t size = 1; size < 20; ++size) {
    std::string text(size, 'a');
    EXPECT_TRUE(needs_no_escape(text)) << size;
    EXPECT_TRUE(has_no_blanks(text)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'"', '\\', '\n', '\x1f', '\xc3'}) {
        text[at] = c;
        EXPECT_FALSE(needs_no_escape(text)) << size << " " << at;
      }
      text[at] = ' ';
      EXPECT_TRUE(needs_no_escape(text)) << size << " " << at;
      EXPECT_FALSE(has_no_blanks(text)) << size << " " << at;
      text[at] = 'a';
    }
  }
  EXPECT_TRUE(needs_no_escape(""));
}

}  // namespace
}  // namespace gateway::map
