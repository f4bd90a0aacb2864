#include "map/map_diff.h"

#include <gtest/gtest.h>

#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

SharedMapSet set_with(const std::string& rules) {
  return load_map_set(
             files_with("  p:\n    resourceType: P\n    k: PID-3\n    " +
                        rules + "\n"),
             {}, nullptr)
      .set;
}

const std::string kHead = "MSH|^~\\&|||||||REF^I12\r";

// "place: text" of each cause, and below it "kind path" of each change, each
// with the number of messages and documents.
std::string told(const std::vector<MapCluster>& clusters) {
  const auto count = [](const InputCount& in) {
    return " " + std::to_string(in.messages) +
           (in.documents == 0 ? "" : "+" + std::to_string(in.documents));
  };
  std::string all;
  for (const auto& cluster : clusters) {
    all += cluster.cause.place + ": " + cluster.cause.text + count(cluster.in) +
           "\n";
    for (const auto& change : cluster.changes) {
      all += "  " + std::string(name(change.kind)) + " " + change.path +
             count(change.in) + "\n";
    }
  }
  return all;
}

TEST(MapDiffTest, ClustersChangesByTheirCause) {
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A|B\r"},
      {.name = "two", .input = kHead + "PID|||A|C\r"},
      {.name = "three", .input = kHead + "PID|||A\r"}};
  const auto before = set_with("a: PID-3");
  EXPECT_TRUE(diff(*before, *set_with("a: PID-3"), messages).empty());
  const auto clusters = diff(
      *before, *set_with("a: { $from: PID-4, $onMissing: correct }\n    b: =x"),
      messages);
  // The order of those that are as frequent: by place.
  EXPECT_EQ(told(clusters),
            "m.yaml:10: P.b is new 3\n"
            "  gained P.b 3\n"
            "m.yaml:9: P.a is said otherwise 3\n"
            "  changed P.a 2\n"
            "  verdict mapped>correct 1\n"
            "  lost P.a 1\n");
  EXPECT_EQ(clusters[1].changes[1].example, "three");
}

TEST(MapDiffTest, NamesTheLinesAndRowsBehindAChange) {
  const auto set = [](const std::string& rules, const std::string& rows) {
    return load_map_set(
               files_with("  p:\n    resourceType: P\n    k: PID-3\n" + rules,
                          {{"tables/sex.csv", "from,to\n" + rows}}),
               {}, nullptr)
        .set;
  };
  const std::string sex =
      "    sex: { $from: PID-8, $table: sex, $onUnmapped: omit }\n";
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A|||||F\r"},
      {.name = "two", .input = kHead + "PID|||A|||||M\r"}};
  const auto before = set(sex + "    a: PID-4\n", "F,female\nM,male\n");
  const auto gone = set(sex + "    a: PID-4\n", "M,male\n");
  EXPECT_EQ(told(diff(*before, *gone, messages)),
            "tables/sex.csv:2: the row F is gone 1\n  lost P.sex 1\n");
  EXPECT_EQ(told(diff(*gone, *before, messages)),
            "tables/sex.csv:2: the row F is new 1\n  gained P.sex 1\n");
  const auto other = set(sex + "    a: PID-4\n", "M,male\nF,woman\n");
  EXPECT_EQ(told(diff(*before, *other, messages)),
            "tables/sex.csv:3: the row F says something else 1\n"
            "  changed P.sex 1\n");
  const auto line = set(sex + "    a: PID-3\n", "F,female\nM,male\n");
  EXPECT_EQ(told(diff(*before, *line, messages)),
            "m.yaml:10: P.a is said otherwise 2\n  gained P.a 2\n");
  EXPECT_TRUE(diff(*before, *before, messages).empty());
}

// A row that holds the message is behind the verdict, too.
TEST(MapDiffTest, LaysAVerdictToTheRow) {
  const auto set = [](const std::string& rows) {
    return load_map_set(
               files_with("  p:\n    resourceType: P\n    k: PID-3\n    sex: { "
                          "$from: PID-8, $table: sex, $onUnmapped: correct }\n",
                          {{"tables/sex.csv", "from,to\n" + rows}}),
               {}, nullptr)
        .set;
  };
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A|||||F\r"}};
  EXPECT_EQ(told(diff(*set("M,male\nF,female\n"), *set("M,man\n"), messages)),
            "tables/sex.csv:3: the row F is gone 1\n"
            "  verdict mapped>waits 1\n  lost P.sex 1\n");
}

// Held before and after: whether its sender is asked, and for what, is another.
TEST(MapDiffTest, TellsWhyAMessageIsHeld) {
  const auto set = [](const std::string& dead) {
    return load_map_set(
               files_with("  p:\n    resourceType: P\n    k: PID-3\n"
                          "    sex: { $from: PID-8, $table: sex, $onUnmapped: "
                          "correct }\n    dead: { $from: PID-30, $onMissing: " +
                              dead + " }\n",
                          {{"tables/sex.csv", "from,to\nF,female\n"}}),
               {}, nullptr)
        .set;
  };
  const auto clusters =
      diff(*set("omit"), *set("correct"),
           {{.name = "one", .input = kHead + "PID|||A|||||Q\r"}});
  EXPECT_EQ(told(clusters),
            "m.yaml:10: P.dead is said otherwise 1\n"
            "  verdict waits>correct 1\n"
            "  gained map/missing PID-30 1\n");
}

TEST(MapDiffTest, TellsOfResourcesThatVanishOnce) {
  const auto set = [](const std::string& each) {
    return load_map_set(
               files_with("  p:\n    $each: " + each +
                          "\n    resourceType: P\n    k: .1\n    l: =x\n"),
               {}, nullptr)
        .set;
  };
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A~B|C\r"}};
  EXPECT_EQ(told(diff(*set("PID-3"), *set("PID-4"), messages)),
            "m.yaml:6: p is said otherwise 1\n  lost P 1\n");
}

// An object that goes takes its members with it, and is one cause.
TEST(MapDiffTest, TellsOfABlockOnce) {
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A|B|C\r"}};
  const auto block = set_with("q: { a: PID-4, b: PID-5 }\n    r: PID-4");
  EXPECT_EQ(told(diff(*block, *set_with("r: PID-4"), messages)),
            "m.yaml:9: P.q is gone 1\n  lost P.q.a 1\n  lost P.q.b 1\n");
}

// An item before others makes none of them another.
TEST(MapDiffTest, KnowsTheItemsOfAListAgain) {
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A|B|C\r"}};
  const auto before = set_with("q: [{ a: PID-3 }, { a: PID-4 }]");
  const auto after = set_with("q: [{ a: PID-5 }, { a: PID-3 }, { a: PID-4 }]");
  EXPECT_EQ(told(diff(*before, *after, messages)),
            "m.yaml:9: P.q is new 1\n  changed P.q.a 1\n");
}

// `=PID-4` and PID-4 are other rules with the same words.
TEST(MapDiffTest, TellsTextsFromPaths) {
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A|B|C\r"}};
  EXPECT_EQ(told(diff(*set_with("a: PID-4"), *set_with("a: =PID-4"), messages)),
            "m.yaml:9: P.a is said otherwise 1\n  changed P.a 1\n");
}

TEST(MapDiffTest, NamesSettingsAndChoicesAndTheirPartners) {
  const auto set = [](const std::string& settings,
                      std::vector<MapFile> partners = {}) {
    return load_map_set(
               files_with("  p:\n    resourceType: P\n    k: PID-3\n"
                          "    ns: \"%ns & PID-3\"\n    a: { $choice: a }\n"
                          "    b: { $choice: a }\n",
                          {{"settings.yaml", settings}}),
               std::move(partners), nullptr)
        .set;
  };
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A|B|C\r"},
      {.name = "two", .input = kHead + "PID|||A|B|C\r", .partner = "mercy"}};
  const auto before = set("settings:\n  ns: x\nchoices:\n  a: PID-4\n");
  EXPECT_EQ(
      told(diff(*before, *set("settings:\n  ns: y\nchoices:\n  a: PID-5\n"),
                messages)),
      "settings.yaml:2: the setting ns is another 2\n"
      "  changed P.ns 2\n"
      "settings.yaml:4: the choice a is another 2\n"
      "  changed P.a 2\n  changed P.b 2\n");
  const std::vector<MapFile> mercy{
      {"partners/mercy.yaml",
       "partner: mercy\nsettings:\n  ns: z\nchoices:\n  a: PID-5\n"}};
  const auto after = set("settings:\n  ns: x\nchoices:\n  a: PID-4\n", mercy);
  EXPECT_EQ(told(diff(*before, *after, messages)),
            "partners/mercy.yaml:3: the setting ns is another 1\n"
            "  changed P.ns 1\n"
            "partners/mercy.yaml:5: the choice a is another 1\n"
            "  changed P.a 1\n  changed P.b 1\n");
  EXPECT_EQ(told(diff(*after, *before, messages)),
            "partners/mercy.yaml:3: the setting ns is gone 1\n"
            "  changed P.ns 1\n"
            "partners/mercy.yaml:5: the choice a is gone 1\n"
            "  changed P.a 1\n  changed P.b 1\n");
}

TEST(MapDiffTest, NamesRowsOfPartners) {
  const auto set = [](const std::string& rows) {
    return load_map_set(
               files_with("  p:\n    resourceType: P\n    k: PID-3\n    sex: { "
                          "$from: PID-8, $table: sex, $onUnmapped: correct }\n",
                          {{"tables/sex.csv", "from,to\nF,female\n"}}),
               {{"partners/mercy.yaml",
                 "partner: mercy\ntables:\n  sex:\n" + rows}},
               nullptr)
        .set;
  };
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A|||||F\r", .partner = "mercy"},
      {.name = "two", .input = kHead + "PID|||A|||||X\r", .partner = "mercy"}};
  EXPECT_EQ(told(diff(*set("    M: male\n"),
                      *set("    X: other\n    F: woman\n"), messages)),
            "partners/mercy.yaml:4: the row X is new 1\n"
            "  verdict waits>mapped 1\n  gained P.sex 1\n"
            "partners/mercy.yaml:5: the row F is new 1\n"
            "  changed P.sex 1\n");
}

TEST(MapDiffTest, NamesAnotherMap) {
  const auto set = [](const std::string& event) {
    return load_map_set(
               {{"m.yaml", "map: m\nversion: '1'\nsource: REF_I12\nevents: [" +
                               event +
                               "]\nemit:\n  p:\n    resourceType: P\n    k: "
                               "PID-3\n"}},
               {}, nullptr)
        .set;
  };
  const std::vector<MapCase> messages{
      {.name = "one", .input = kHead + "PID|||A\r"}};
  EXPECT_EQ(told(diff(*set("REF^I13"), *set("REF^I12, REF^I13"), messages)),
            "m.yaml:1: the map m is said otherwise 1\n"
            "  verdict unreadable>mapped 1\n");
}

// A part of several outward maps is one line, and documents are counted apart.
TEST(MapDiffTest, LaysOutwardMapsToTheirLinesOnce) {
  const auto set = [](const std::string& use, const std::string& status) {
    const auto map = [&](const std::string& name, const std::string& source,
                         const std::string& type) {
      return MapFile{"emit/" + name + ".yaml",
                     "map: emit/" + name + "\nversion: '1'\nsource: " + source +
                         "\nemit:\n  it:\n    resourceType: " + type +
                         "\n    id: id\n    status: " + status +
                         "\n    identifier:\n      - $use: key\n"};
    };
    return load_map_set({map("encounter", "visit", "Encounter"),
                         map("episode", "episode", "EpisodeOfCare"),
                         {"emit/parts.yaml", "parts:\n  key:\n    use: =" +
                                                 use + "\n    value: key\n"}},
                        {}, nullptr)
        .set;
  };
  const std::vector<MapCase> documents{
      {.name = "emit/cases/encounter/one",
       .input = R"({"id":"a","key":"k","status":"finished"})",
       .is_hl7 = false},
      {.name = "emit/cases/episode/one",
       .input = R"({"id":"b","key":"k","status":"active"})",
       .is_hl7 = false}};
  const auto before = set("usual", "status");
  ASSERT_NE(before, nullptr);
  EXPECT_EQ(told(diff(*before, *set("official", "status"), documents)),
            "emit/parts.yaml:3: identifier.use is said otherwise 0+2\n"
            "  changed Encounter.identifier.use 0+1\n"
            "  changed EpisodeOfCare.identifier.use 0+1\n");
}

}  // namespace
}  // namespace gateway::map
