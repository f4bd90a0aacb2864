#include "base/json_edit.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

TEST(JsonEditTest, LeavesOtherBytesAlone) {
  const auto document = *JsonDocument::parse(
      "{ \"resourceType\" : \"Patient\",\n\t\"id\":\"x\", \"v\": 1.10 }");
  const Json root = document.root();
  const auto text = edited(document.source(),
                           {set_member(root, "meta", "{\"versionId\":\"1\"}"),
                            set_member(root, "id", "\"p1\"")});
  EXPECT_EQ(text,
            "{ \"resourceType\" : \"Patient\",\"meta\":{\"versionId\":\"1\"},"
            "\n\t\"id\":\"p1\", \"v\": 1.10 }");
}

TEST(JsonEditTest, FillsAnEmptyObject) {
  const auto document = *JsonDocument::parse("{ }");
  EXPECT_EQ(edited(document.source(), {set_member(document.root(), "a", "1")}),
            "{\"a\":1 }");
}

TEST(CanonicalJsonTest, IgnoresOrderAndSpaceButNotDigits) {
  const auto canonical = [](std::string text) {
    return canonical_json(JsonDocument::parse(std::move(text))->root(),
                          {"id", "meta"});
  };
  EXPECT_EQ(canonical(R"({"b":[1,2],"a":"\u0041"})"),
            canonical("{\"a\" : \"A\", \"id\":\"x\", \"b\":[1, 2]}"));
  EXPECT_NE(canonical(R"({"b":1.0})"), canonical(R"({"b":1.00})"));
  EXPECT_NE(canonical(R"({"b":[1,2]})"), canonical(R"({"b":[2,1]})"));
  EXPECT_NE(canonical(R"({"b":{"id":1}})"), canonical(R"({"b":{"id":2}})"));
  EXPECT_EQ(canonical("{}"), "{}");
}

}  // namespace
}  // namespace gateway
