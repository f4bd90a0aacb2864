#include "map/map_cause.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

SharedMapSet set_with(const std::string& rules,
                      std::vector<MapFile> others = {}) {
  return load_map_set(
             files_with("  p:\n    resourceType: P\n    k: PID-3\n" + rules,
                        std::move(others)),
             {}, nullptr)
      .set;
}

// Both versions on one message.
class MapCauseTest : public testing::Test {
 protected:
  void run_both(const SharedMapSet& before, const SharedMapSet& after) {
    ASSERT_NE(before, nullptr);
    ASSERT_NE(after, nullptr);
    old_ = before;
    now_ = after;
    causes_.emplace(*old_, *now_);
    before_ = done(*old_, Version::before);
    after_ = done(*now_, Version::after);
  }
  [[nodiscard]] MapCauses::Run run(Version version) const {
    const auto& set = version == Version::before ? *old_ : *now_;
    return {.version = version,
            .map = &set.library->maps[0],
            .output = version == Version::before ? &before_ : &after_};
  }
  // Behind what `version` wrote in its last rule.
  [[nodiscard]] std::string behind_last(Version version) const {
    const auto one = run(version);
    const auto cause = causes_->behind(one, one.output->lineage.back());
    return cause ? cause->place + ": " + cause->text : "nothing";
  }
  [[nodiscard]] std::string nearest(std::string_view path) const {
    const auto cause =
        causes_->nearest(run(Version::before), run(Version::after), path);
    return cause.place + ": " + cause.text;
  }

 private:
  MapOutput done(const MapSet& set, Version /*version*/) const {
    return map::run(*set.library, set.library->maps[0], tree_.root(),
                    {.explain = true});
  }

  JsonDocument tree_ = referral("PID|||A|B\r");
  SharedMapSet old_;
  SharedMapSet now_;
  MapOutput before_;
  MapOutput after_;
  std::optional<MapCauses> causes_;
};

TEST_F(MapCauseTest, IsTheLineThatWroteIt) {
  run_both(set_with("    a: PID-4\n"), set_with("    a: PID-3\n"));
  EXPECT_EQ(behind_last(Version::before), "m.yaml:9: P.a is said otherwise");
  EXPECT_EQ(behind_last(Version::after), "m.yaml:9: P.a is said otherwise");
}

TEST_F(MapCauseTest, IsWhatIsAroundIt) {
  run_both(set_with("    q: { $when: PID-4, r: PID-3 }\n"),
           set_with("    q: { $when: PID-3, r: PID-3 }\n"));
  EXPECT_EQ(behind_last(Version::after), "m.yaml:9: P.q is said otherwise");
}

TEST_F(MapCauseTest, IsNothingWhereBothSayTheSame) {
  run_both(set_with("    a: PID-4\n"), set_with("    a: PID-4\n"));
  EXPECT_EQ(behind_last(Version::after), "nothing");
  EXPECT_EQ(nearest("P.a"), ": no line of the maps is another");
}

TEST_F(MapCauseTest, IsASettingThatTheLineAsksFor) {
  const auto with = [](const std::string& value) {
    return set_with(
        "    a: \"%name & PID-3\"\n",
        {{"settings.yaml", "settings:\n  name: " + value + "\n  names: x\n"}});
  };
  run_both(with("a"), with("b"));
  EXPECT_EQ(behind_last(Version::after),
            "settings.yaml:2: the setting name is another");
}

TEST_F(MapCauseTest, OtherwiseTheOneThatLiesNearest) {
  run_both(set_with("    a: PID-4\n    q: { r: PID-3, s: PID-4 }\n"),
           set_with("    a: PID-3\n    q: { r: PID-4, s: PID-4 }\n"));
  EXPECT_EQ(nearest("P.q.t"), "m.yaml:10: P.q.r is said otherwise");
  EXPECT_EQ(nearest("P.a"), "m.yaml:9: P.a is said otherwise");
}

}  // namespace
}  // namespace gateway::map
