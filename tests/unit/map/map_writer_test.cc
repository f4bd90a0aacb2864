#include "map/map_writer.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace gateway::map
