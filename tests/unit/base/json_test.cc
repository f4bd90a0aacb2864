#include "base/json.h"

#include <gtest/gtest.h>

#include <memory>

namespace gateway {
namespace {

JsonDocument parsed(std::string text, const KeyTable& keys = KeyTable::none()) {
  auto result = JsonDocument::parse(std::move(text), keys);
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return result ? *std::move(result) : *JsonDocument::parse("null");
}

TEST(JsonTest, KeepsNumbersAsWritten) {
  const auto document =
      parsed(R"({"a":1.10,"b":-0,"c":1E2,"d":12345678901234567890.123})");
  EXPECT_EQ(document.root().get("a").text(), "1.10");
  EXPECT_EQ(document.root().get("b").text(), "-0");
  EXPECT_EQ(document.root().get("c").text(), "1E2");
  EXPECT_EQ(document.root().get("d").text(), "12345678901234567890.123");
}

TEST(JsonTest, DecodesStringsAndKeepsTheirBytes) {
  const auto document =
      parsed(R"({"s":"a\"b\\\u00e9\ud83d\ude00\n","t":"plain"})");
  EXPECT_EQ(document.root().get("s").text(),
            "a\"b\\\xC3\xA9\xF0\x9F\x98\x80\n");
  EXPECT_EQ(document.root().get("s").raw(), R"("a\"b\\\u00e9\ud83d\ude00\n")");
  EXPECT_EQ(document.root().get("t").raw(), "\"plain\"");
}

TEST(JsonTest, WalksChildrenInOrder) {
  const auto document = parsed(R"([1,[2,3],{"k":[4]},"x"])");
  std::string raws;
  for (const Json item : document.root()) {
    raws += std::string(item.raw()) + ";";
  }
  EXPECT_EQ(raws, R"(1;[2,3];{"k":[4]};"x";)");
  EXPECT_EQ(document.root().at(1).at(1).text(), "3");
  EXPECT_EQ(document.root().find("k").exists(), false);
  EXPECT_EQ(document.root().at(2).find("k").text(), "4");
  EXPECT_EQ(document.root().at(2).find("k").parent().name(), "k");
}

TEST(JsonTest, WhatDoesNotExistIsAbsent) {
  const auto document = parsed("{}");
  EXPECT_FALSE(document.root().get("a").get("b").at(3).exists());
  EXPECT_EQ(document.root().size(), 0U);
  EXPECT_FALSE(document.root().first().exists());
}

TEST(JsonTest, NumbersNamesByTheTable) {
  const KeyTable keys({"id", "name"});
  const auto document = parsed(R"({"name":1,"other":2,"id":3})", keys);
  EXPECT_EQ(document.root().first().key(), 1U);
  EXPECT_EQ(document.root().first().next().key(), 2U);
  EXPECT_EQ(document.root().first().next().name(), "other");
  EXPECT_EQ(document.root().get(keys.find("id")).text(), "3");
}

TEST(JsonTest, CursorsOutliveAMoveOfASharedDocument) {
  const auto shared = *parse_shared(R"({"a":"short"})");
  const Json a = shared->root().get("a");
  const auto second = shared;
  EXPECT_EQ(a.text(), "short");
}

TEST(LineColumnTest, CountsFromOne) {
  EXPECT_EQ(line_column("ab\ncd", 0).line, 1U);
  EXPECT_EQ(line_column("ab\ncd", 4).line, 2U);
  EXPECT_EQ(line_column("ab\ncd", 4).column, 2U);
}

// Wherever it stands: readers that look at many bytes at once forget some.
TEST(JsonTest, NoControlCharacterStandsInAString) {
  for (char control = 1; control < 0x20; ++control) {
    for (std::size_t before = 0; before < 40; ++before) {
      const std::string text =
          "\"" + std::string(before, 'S') + control + "SSSSSSSSSSSSSSSSSS\"";
      EXPECT_FALSE(JsonDocument::parse(text).ok())
          << int{control} << " behind " << before;
    }
  }
}

}  // namespace
}  // namespace gateway
