#include "map/map_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::HasSubstr;

const std::vector<MapFile> kFiles = files_with(
    "  p: { resourceType: P, a: { $choice: id } }\n",
    {{"lib.yaml", "settings: { zone: '' }\nchoices: { id: PID-3 }\n"}});

TEST(MapSetTest, HoldsALibraryAndItsPartners) {
  const auto loaded = load_map_set(
      kFiles, {{"partners/a.yaml", "partner: a\nsettings: { zone: UTC }\n"}},
      nullptr);
  ASSERT_NE(loaded.set, nullptr) << text_of(loaded.problems);
  EXPECT_EQ(loaded.set->overlay("a").partner, "a");
  EXPECT_TRUE(loaded.set->overlay("a").zone.has_value());
  EXPECT_EQ(loaded.set->overlay("b").partner, "");
  const auto other = load_map_set(kFiles, {}, nullptr);
  EXPECT_NE(other.set->hash, loaded.set->hash);
}

TEST(MapSetTest, NamesOverlaysOfNobody) {
  const auto loaded =
      load_map_set(kFiles, {{"partners/a.yaml", "partner: mercyy\n"}}, nullptr);
  ASSERT_NE(loaded.set, nullptr);
  EXPECT_TRUE(unknown_partners(*loaded.set, {"mercyy"}).empty());
  EXPECT_THAT(
      text_of(unknown_partners(*loaded.set, {"mercy", "demo"})),
      HasSubstr("partners/a.yaml:1:10: the configuration has no partner "
                "\"mercyy\"; did you mean mercy?"));
}

TEST(MapSetTest, IsRefusedAsAWhole) {
  const auto loaded =
      load_map_set(kFiles,
                   {{"partners/a.yaml", "partner: a\n"},
                    {"partners/b.yaml", "partner: a\nsetings: {}\n"}},
                   nullptr);
  EXPECT_EQ(loaded.set, nullptr);
  const auto text = text_of(loaded.problems);
  EXPECT_THAT(text, HasSubstr("partners/b.yaml:2:1: a partner has no"));
  EXPECT_THAT(text, HasSubstr("another file is of the partner \"a\""));
}

TEST(MapSetTest, AThousandPartnersLoad) {
  std::vector<MapFile> partners;
  for (int i = 0; i < 1000; ++i) {
    const auto name = "p" + std::to_string(i);
    partners.push_back({"partners/" + name + ".yaml",
                        "partner: " + name +
                            "\nsettings: { zone: America/Chicago }\n"
                            "choices: { id: PID-2 }\n"});
  }
  EXPECT_EQ(load_map_set(kFiles, partners, nullptr).set->partners.size(),
            1000U);
}

}  // namespace
}  // namespace gateway::map
