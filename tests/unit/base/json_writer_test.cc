#include "base/json_writer.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(JsonWriterTest, WritesCompactJson) {
  JsonWriter out;
  out.begin_object()
      .member("a", "x\"\\\n\x01")
      .member_if("left out", "")
      .key("b")
      .begin_array()
      .integer(1)
      .raw("2.50")
      .boolean(true)
      .begin_object()
      .end_object()
      .end_array()
      .end_object();
  EXPECT_EQ(out.text(), R"({"a":"x\"\\\n\u0001","b":[1,2.50,true,{}]})");
}

TEST(JsonWriterTest, EscapesWhereverItStands) {
  EXPECT_EQ(json_quoted(""), R"("")");
  EXPECT_EQ(json_quoted("plain \xC3\xBC\x7F"), "\"plain \xC3\xBC\x7F\"");
  EXPECT_EQ(json_quoted("\"a\\b\tc\r"), R"("\"a\\b\tc\r")");
  EXPECT_EQ(json_quoted("\x1F\x1F"), R"("\u001f\u001f")");
}

}  // namespace
}  // namespace gateway
