#include "map/map_twins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SharedLibrary with(const std::string& rules, std::vector<MapFile> others = {}) {
  return load_library(
             files_with("  p:\n    resourceType: P\n    k: PID-3\n" + rules,
                        std::move(others)),
             nullptr)
      .library;
}

// "place: text" of all lines that differ.
std::set<std::string> differences(const SharedLibrary& before,
                                  const SharedLibrary& after) {
  const MapTwins twins(*before, *after);
  std::set<std::string> all;
  for (const auto& part : twins.parts()) {
    if (part.cause == MapPart::kSame) continue;
    const auto& cause = twins.cause(part);
    all.insert(cause.place + ": " + cause.text);
  }
  return all;
}

TEST(MapTwinsTest, FindsLinesThatDiffer) {
  const auto before = with("    a: PID-4\n    b: PID-3\n");
  EXPECT_THAT(differences(before, with("    a: PID-3\n    c: PID-9\n")),
              ElementsAre("m.yaml:10: P.b is gone", "m.yaml:10: P.c is new",
                          "m.yaml:9: P.a is said otherwise"));
  EXPECT_THAT(differences(before, before), IsEmpty());
}

TEST(MapTwinsTest, SeesAllThatALineSays) {
  const std::string rows = "from,to\n*,x\n";
  const auto one = [&rows](const std::string& value) {
    return with("    a: " + value + "\n  q:\n    resourceType: Q\n    k: =1\n",
                {{"tables/s.csv", rows}, {"tables/t.csv", rows}});
  };
  const std::vector<std::string> ways{
      "PID-4",
      "=PID-4",
      "{ $from: PID-4, $when: PID-3 }",
      "{ $from: PID-4, $when: \"=PID-3\" }",
      "{ $from: PID-4, $table: s }",
      "{ $from: PID-4, $table: t }",
      "{ $from: PID-4, $onMissing: correct }",
      "{ $from: PID-4, $onMissing: { correct: why } }",
      "{ $from: PID-4, $plus: PID-3 }"};
  for (const auto& old : ways) {
    for (const auto& now : ways) {
      EXPECT_EQ(differences(one(old), one(now)).empty(), old == now)
          << old << " and " << now;
    }
  }
}

TEST(MapTwinsTest, SeesToWhomAReferenceLeads) {
  const auto to = [](const std::string& name) {
    return with(
        "  q:\n    resourceType: Q\n    k: PID-3\n  r:\n    "
        "resourceType: R\n    k: PID-3\n    s: { $ref: " +
        name + " }\n");
  };
  EXPECT_THAT(differences(to("p"), to("q")),
              ElementsAre("m.yaml:15: R.s is said otherwise"));
}

TEST(MapTwinsTest, SeesHowAResourceIsStored) {
  const auto by = [](const std::string& method) {
    return load_library(
               files_with("  p:\n    resourceType: P\n    $method: " + method +
                          "\n    identifier: [{ value: PID-3 }]\n"),
               nullptr)
        .library;
  };
  EXPECT_THAT(differences(by("post"), by("update")),
              ElementsAre("m.yaml:6: p is said otherwise"));
}

TEST(MapTwinsTest, TellsOfABlockOnce) {
  EXPECT_THAT(differences(with("    q: { a: PID-3, b: { c: PID-4 } }\n"),
                          with("    r: PID-3\n")),
              ElementsAre("m.yaml:9: P.q is gone", "m.yaml:9: P.r is new"));
}

TEST(MapTwinsTest, KnowsItemsByWhatTheySay) {
  const auto list = [](const std::string& items) {
    return with("    q: [" + items + "]\n");
  };
  EXPECT_THAT(
      differences(list("PID-3, PID-4, PID-5"), list("PID-9, PID-3, PID-5")),
      ElementsAre("m.yaml:9: P.q is gone", "m.yaml:9: P.q is new"));
}

// Whichever of the resources that use the part is looked at.
TEST(MapTwinsTest, TellsOfALineOfAPartOnce) {
  const auto part = [](const std::string& value) {
    return with("    n: { $use: name }\n    m:\n      - o: { $use: name }\n",
                {{"parts.yaml", "parts:\n  name:\n    text: " + value + "\n"}});
  };
  EXPECT_THAT(differences(part("PID-5"), part("PID-6")),
              ElementsAre("parts.yaml:3: text is said otherwise"));
}

TEST(MapTwinsTest, LeadsFromARuleToItsTwin) {
  const auto before = with("    a: PID-4\n");
  const auto after = with("    b: PID-5\n    a: PID-4\n");
  const MapTwins twins(*before, *after);
  const auto found = twins.at(Version::before, before->maps[0], "m.yaml:9");
  ASSERT_EQ(found.size(), 1U);
  ASSERT_NE(found[0]->twin, nullptr);
  EXPECT_EQ(found[0]->twin->place, "m.yaml:10");
  EXPECT_EQ(twins.of(Version::before, before->maps[0], found[0]->rule->id),
            found[0]);
  EXPECT_EQ(twins.of(Version::after, before->maps[0]), nullptr);
  ASSERT_NE(twins.of(Version::after, after->maps[0]), nullptr);
  EXPECT_EQ(twins.of(Version::after, after->maps[0])->name, "the map m");
}

}  // namespace
}  // namespace gateway::map
