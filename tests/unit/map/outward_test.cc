#include "map/outward.h"

#include <gtest/gtest.h>

#include "unit/map/outward_library.h"

namespace gateway::map {
namespace {

SharedMapSet shipped() {
  static const auto kSet =
      load_maps(std::string(GATEWAY_SOURCE_DIR) + "/mappings", r4())->set;
  return kSet;
}

TEST(OutwardTest, EveryDocumentHasAMapThatIsAFlatProgram) {
  ASSERT_NE(shipped(), nullptr);
  EXPECT_TRUE(check_complete(*shipped()->library).ok());
  for (const auto name : document_names()) {
    const auto* map = shipped()->library->for_document(*document_named(name));
    ASSERT_NE(map, nullptr) << name;
    EXPECT_NE(map->program, nullptr) << name;
  }
}

TEST(OutwardTest, AMissingMapIsSaid) {
  const auto loaded = load_map_set(visit_files(""), {}, nullptr);
  ASSERT_NE(loaded.set, nullptr);
  const auto complete = check_complete(*loaded.set->library);
  ASSERT_FALSE(complete.ok());
  EXPECT_EQ(complete.error().message,
            "there is no map of a bill in mappings/emit");
  EXPECT_FALSE(emit(*loaded.set, Document(kBill), "").ok());
}

TEST(OutwardTest, APartnersChoicesAndSettingsHold) {
  const auto loaded = load_map_set(
      visit_files(
          "    priority: { text: { $choice: where } }\n"
          "    serviceType: { text: '%site' }\n",
          {{"settings.yaml",
            "settings: { site: main }\nchoices: { where: program }\n"}}),
      {{"partners/mercy.yaml",
        "partner: mercy\nsettings: { site: north }\n"
        "choices: { where: placeOfService }\n"}},
      nullptr);
  ASSERT_NE(loaded.set, nullptr) << text_of(loaded.problems);
  const auto visit = sample_visit();
  const auto plain = emit(*loaded.set, visit, "other");
  const auto mercy = emit(*loaded.set, visit, "mercy");
  ASSERT_TRUE(plain.ok() && mercy.ok());
  EXPECT_TRUE(plain->ends_with(
      R"("priority":{"text":"work-conditioning"},"serviceType":{"text":"main"}})"))
      << *plain;
  EXPECT_TRUE(mercy->ends_with(
      R"("priority":{"text":"11"},"serviceType":{"text":"north"}})"))
      << *mercy;
}

TEST(OutwardTest, TheHashIsOfTheMapAndOfWhatItUses) {
  const auto hash = [](const std::string& lines, std::vector<MapFile> others) {
    const auto loaded =
        load_map_set(visit_files(lines, std::move(others)), {}, nullptr);
    return loaded.set->library->for_document(kVisit)->hash;
  };
  const auto first = hash("", {});
  EXPECT_EQ(hash("", {}), first);
  EXPECT_NE(hash("    language: =en\n", {}), first);
  EXPECT_NE(hash("", {{"tables/t.csv", "from,to\na,b\n"}}), first);
  const auto other_map = MapFile{
      "m.yaml",
      "map: m\nversion: '1'\nsource: REF_I12\nevents: [REF^I12]\nemit:\n"
      "  p: { resourceType: Patient, birthDate: PID-7 }\n"};
  EXPECT_EQ(hash("", {other_map}), first);
}

TEST(OutwardTest, LineageNamesTheLineAndTheField) {
  const auto loaded = load_map_set(
      visit_files("    subject: { reference: patient }\n"), {}, nullptr);
  const auto proof = prove(*loaded.set, sample_visit(), "");
  ASSERT_TRUE(proof.ok());
  bool found = false;
  for (const auto& one : proof->output.lineage) {
    const auto written =
        proof->output.bundle.substr(one.begin, one.end - one.begin);
    if (written != R"("reference":"Patient/1")") continue;
    found = true;
    EXPECT_EQ(loaded.set->library->text_of(one.place), "v.yaml:11");
    EXPECT_EQ(proof->source.substr(one.source.begin,
                                   one.source.end - one.source.begin),
              R"("Patient/1")");
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace gateway::map
