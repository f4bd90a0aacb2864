#include "map/lint_rule.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "map/map_set.h"
#include "unit/map/small_library.h"

namespace gateway::map {
namespace {

// A folder with one fault.
struct BadMaps {
  LintRule rule;
  std::vector<MapFile> files;
  std::vector<MapFile> partners{};
};

// A map whose patient has these members too.
std::vector<MapFile> patient(const std::string& members,
                             std::vector<MapFile> others = {}) {
  return files_with("  p:\n    resourceType: Patient\n" + members,
                    std::move(others));
}

const std::vector<MapFile>& good() {
  static const auto kFiles =
      patient("    gender: { $from: PID-8, $table: sex, $onUnmapped: omit }\n",
              {{"tables/sex.csv", "from,to\nF,female\n"},
               {"settings.yaml", "settings: { zone: '', kind: [a, b] }\n"}});
  return kFiles;
}

std::vector<BadMaps> bad_maps() {
  const std::string name = "    name:\n      - family: PID-5.1\n";
  return {
      {LintRule::syntax, {{"m.yaml", "map: [\n"}}},
      {LintRule::syntax, patient("", {{"tables/sex.csv", "code,text\n"}})},
      {LintRule::syntax, good(), {{"partners/x.yaml", "partner: [\n"}}},
      {LintRule::shape, patient("    birthDate: { $from: [PID-7] }\n")},
      {LintRule::incomplete, {{"m.yaml", "map: m\nsource: REF_I12\n"}}},
      {LintRule::duplicate, patient("", {{"tables/a.csv", "from,to\n"},
                                         {"more/tables/a.csv", "from,to\n"}})},
      {LintRule::duplicate,
       good(),
       {{"partners/x.yaml", "partner: x\n"},
        {"partners/y.yaml", "partner: x\n"}}},
      {LintRule::unknown_key,
       patient("    birthDate: { $from: PID-7, $wen: PID-8 }\n")},
      {LintRule::unknown_name, patient("    $use: nobody\n")},
      {LintRule::unknown_name,
       good(),
       {{"partners/x.yaml", "partner: x\nsettings: { zoen: '' }\n"}}},
      {LintRule::source,
       {{"m.yaml",
         "map: m\nversion: '1'\nsource: REF_I21\nemit: { p: {} }\n"}}},
      {LintRule::expression, patient("    birthDate: PID-700\n")},
      {LintRule::element, patient("    birthdate: PID-7\n")},
      {LintRule::cardinality, patient("    birthDate:\n      - PID-7\n")},
      {LintRule::type, patient("    birthDate: =soon\n")},
      {LintRule::code, patient("    gender: =f\n")},
      {LintRule::required,
       patient("    communication:\n      - preferred: PID-15\n")},
      {LintRule::remedy, patient("    gender: { $from: PID-8, $table: sex }\n",
                                 {{"tables/sex.csv", "from,to\nF,female\n"}})},
      {LintRule::reference,
       patient(name +
               "  q:\n    resourceType: Patient\n    managingOrganization: "
               "{ $ref: p }\n")},
      {LintRule::setting,
       good(),
       {{"partners/x.yaml", "partner: x\nsettings: { kind: c }\n"}}},
      {LintRule::outward,
       {{"m.yaml",
         "map: m\nversion: '1'\nsource: visit\nemit:\n  p:\n    "
         "resourceType: Patient\n"}}},
  };
}

TEST(LintRuleTest, EachIsGivenByABadMap) {
  ASSERT_NE(r4(), nullptr);
  EXPECT_EQ(text_of(load_map_set(good(), {}, r4()).problems), "");
  std::set<LintRule> given{no_map_in("x").rule};
  for (const auto& bad : bad_maps()) {
    const auto loaded = load_map_set(bad.files, bad.partners, r4());
    EXPECT_EQ(loaded.set, nullptr) << id_of(bad.rule);
    ASSERT_FALSE(loaded.problems.empty()) << id_of(bad.rule);
    EXPECT_EQ(id_of(loaded.problems.front().rule), id_of(bad.rule))
        << text_of(loaded.problems);
    given.insert(bad.rule);
  }
  for (const auto& row : lint_rules()) {
    EXPECT_TRUE(given.contains(row.rule)) << row.id;
  }
}

TEST(LintRuleTest, EachHasAnIdOfItsOwnAndSaysWhatToDo) {
  std::set<std::string_view> ids;
  for (const auto& row : lint_rules()) {
    EXPECT_EQ(id_of(row.rule), row.id);
    EXPECT_TRUE(row.id.starts_with("map/")) << row.id;
    EXPECT_TRUE(row.text.ends_with('.')) << row.id;
    EXPECT_TRUE(row.help.ends_with('.')) << row.id;
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
  }
}

}  // namespace
}  // namespace gateway::map
