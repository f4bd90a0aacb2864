#include "map/map_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

SharedMapSet small_set() {
  return load_map_set(
             {{"messages/m.yaml",
               "map: m\nversion: '1'\nsource: REF_I12\nevents: [REF^I12]\n"
               "emit: { p: { resourceType: P, a: PID-3.1 } }\n"},
              {"emit/origin.yaml",
               "map: origin\nversion: '1'\nsource: origin\n"
               "emit: { p: { resourceType: Provenance, id: id } }\n"}},
             {}, nullptr)
      .set;
}

constexpr const char* kInput = "MSH|^~\\&|||||||REF^I12\rPID|||A\r";

TEST(MapCaseTest, ComparesWithWhatIsExpected) {
  const auto set = small_set();
  MapCase one{.name = "messages/cases/m/x", .input = kInput};
  const auto first = check(*set, one);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(first->difference, HasSubstr("line 1:"));
  EXPECT_THAT(first->seen, HasSubstr("\"verdict\": \"mapped\""));
  one.expected = first->seen;
  EXPECT_EQ(check(*set, one)->difference, "");
  one.expected.replace(one.expected.find("\"A\""), 3, "\"B\"");
  EXPECT_THAT(check(*set, one)->difference,
              HasSubstr("-           \"a\": \"B\"\n"));
}

TEST(MapCaseTest, DocumentsHaveTheMapOfTheirFolder) {
  const auto set = small_set();
  const MapCase one{
      .name = "emit/cases/origin/x", .input = R"({"id":"7"})", .is_hl7 = false};
  EXPECT_THAT(check(*set, one)->seen, HasSubstr("\"id\": \"7\""));
}

// As the gateway does it: what a partner says may choose another map.
TEST(MapCaseTest, TakesTheMapOfThePartner) {
  const auto map = [](const std::string& name, const std::string& when) {
    return MapFile{"messages/" + name + ".yaml",
                   "map: " + name +
                       "\nversion: '1'\nsource: REF_I12\nevents: [REF^I12]\n" +
                       when + "emit: { p: { resourceType: P, a: PID-3.1 } }\n"};
  };
  const auto loaded = load_map_set(
      {{"settings.yaml", "settings: { kind: b }\n"},
       map("a", "when: \"%kind = 'a'\"\n"),
       map("b", "")},
      {{"partners/mercy.yaml", "partner: mercy\nsettings: { kind: a }\n"}},
      nullptr);
  ASSERT_NE(loaded.set, nullptr);
  MapCase one{.name = "x", .input = kInput};
  EXPECT_EQ(mappable(*loaded.set, one)->map->name, "b");
  one.partner = "mercy";
  EXPECT_EQ(mappable(*loaded.set, one)->map->name, "a");
  EXPECT_EQ(mappable(*loaded.set, one, "b")->map->name, "b");
}

TEST(MapCaseTest, SaysWhatCannotBeMapped) {
  const auto set = small_set();
  EXPECT_EQ(mappable(*set, "MSH|^~\\&|||||||ORU^R01\r", true).error().code,
            ErrorCode::unsupported);
  EXPECT_EQ(mappable(*set, kInput, true, "none").error().code,
            ErrorCode::not_found);
  EXPECT_EQ(mappable(*set, "{}", false).error().code, ErrorCode::not_found);
  EXPECT_EQ(mappable(*set, "nothing", true).error().code, ErrorCode::invalid);
  EXPECT_TRUE(mappable(*set, kInput, true, "auto").ok());
}

TEST(MapCaseTest, IndentsJson) {
  const auto document = JsonDocument::parse(R"({"a":[1.10,"x"],"b":{}})");
  EXPECT_EQ(indented(document->root()),
            "{\n  \"a\": [\n    1.10,\n    \"x\"\n  ],\n  \"b\": {}\n}\n");
}

}  // namespace
}  // namespace gateway::map
