#include "validate/link_index.h"

#include <gtest/gtest.h>

#include <string>

#include "base/key_table.h"

namespace gateway::validate {
namespace {

TEST(LinkIndexTest, FindsTheFirstOfThatTextInShortAndLongLists) {
  const KeyTable keys({"id", "n"});
  for (const int size : {0, 3, 16, 17, 5000}) {
    std::string text = "[{\"n\":1}";
    for (int i = 0; i < size; ++i) {
      const auto id = std::to_string(i);
      text +=
          ",{\"id\":\"" + id + "\",\"n\":1},{\"id\":\"" + id + "\",\"n\":2}";
    }
    const auto document = *parse_shared(text + "]", keys);
    LinkIndex links;
    for (int round = 0; round < 2; ++round) {
      for (const int i : {0, size / 2, size - 1}) {
        const Json found =
            links.find(document->root(), keys.find("id"), std::to_string(i));
        EXPECT_EQ(found.get("n").text(), i >= 0 && i < size ? "1" : "");
      }
      EXPECT_FALSE(
          links.find(document->root(), keys.find("id"), "none").exists());
    }
  }
}

TEST(LinkIndexTest, KeepsListsApart) {
  const KeyTable keys({"a", "b", "id"});
  std::string a;
  std::string b;
  for (int i = 0; i < 100; ++i) {
    a += std::string(i == 0 ? "" : ",") + R"({"id":"a)" + std::to_string(i) +
         "\"}";
    b += std::string(i == 0 ? "" : ",") + R"({"id":"b)" + std::to_string(i) +
         "\"}";
  }
  const auto document =
      *parse_shared("{\"a\":[" + a + "],\"b\":[" + b + "]}", keys);
  const Json root = document->root();
  LinkIndex links;
  const auto id = keys.find("id");
  EXPECT_TRUE(links.find(root.get("a"), id, "a99").exists());
  EXPECT_FALSE(links.find(root.get("b"), id, "a99").exists());
  EXPECT_TRUE(links.find(root.get("b"), id, "b0").exists());
}

}  // namespace
}  // namespace gateway::validate
