#include "map/map_cause.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Side = MapCauses::Side;

SharedMapSet set_with(const std::string& rules,
                      std::vector<MapFile> others = {}) {
  return load_map_set(
             files_with("  p:\n    resourceType: P\n    k: PID-3\n" + rules,
                        std::move(others)),
             {}, nullptr)
      .set;
}

// What a message met that the versions say differently.
std::set<MapCause> met(const MapSet& before, const MapSet& after, Side side) {
  const auto& set = side == Side::before ? before : after;
  const auto& map = set.library->maps[0];
  const auto tree = referral("PID|||A|B\r");
  const auto output = run(*set.library, map, tree.root(), {.explain = true});
  std::set<MapCause> causes;
  MapCauses(before, after).met(side, map, output, causes);
  return causes;
}

TEST(MapCauseTest, FindsLinesThatWereMet) {
  const auto before = set_with("    a: PID-4\n    b: PID-3\n");
  const auto after = set_with("    a: PID-3\n    c: PID-9\n");
  EXPECT_THAT(
      met(*before, *after, Side::before),
      UnorderedElementsAre(MapCause{"m.yaml:9", "P.a is said otherwise"},
                           MapCause{"m.yaml:10", "P.b is gone"}));
  // PID-9 is silent, which is met too.
  EXPECT_THAT(
      met(*before, *after, Side::after),
      UnorderedElementsAre(MapCause{"m.yaml:9", "P.a is said otherwise"},
                           MapCause{"m.yaml:10", "P.c is new"}));
  EXPECT_THAT(met(*before, *before, Side::after), IsEmpty());
}

TEST(MapCauseTest, LaysToWhatIsAround) {
  const auto before = set_with("    q: { $when: PID-4, r: PID-3 }\n");
  const auto after = set_with("    q: { $when: PID-3, r: PID-3 }\n");
  EXPECT_THAT(
      met(*before, *after, Side::after),
      UnorderedElementsAre(MapCause{"m.yaml:9", "P.q is said otherwise"}));
}

TEST(MapCauseTest, NamesSettingsApart) {
  const auto settings = [](const std::string& value) {
    return MapFile{"settings.yaml", "settings:\n  namespace: " + value + "\n"};
  };
  const auto before = set_with("", {settings("a")});
  const auto after = set_with("", {settings("b")});
  ASSERT_NE(before, nullptr);
  ASSERT_NE(after, nullptr);
  const MapCauses causes(*before, *after);
  ASSERT_EQ(causes.settings().size(), 1U);
  EXPECT_EQ(causes.settings().begin()->text,
            "the setting namespace is another");
}

}  // namespace
}  // namespace gateway::map
