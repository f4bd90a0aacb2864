#include "program/guide.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "folders.h"
#include "program/load.h"

namespace gateway::program {
namespace {

Programs shipped() {
  return *load_programs(std::string(GATEWAY_SOURCE_DIR) + "/config/policies",
                        {});
}

TEST(GuideTest, SpeaksOfEveryRequirementAndSetting) {
  const auto programs = shipped();
  const auto guide = guide_markdown(programs);
  for (const auto& pack : programs.packs()) {
    EXPECT_NE(guide.find("(" + pack->id + " "), std::string::npos);
    for (const auto& row : pack->requirements) {
      EXPECT_NE(guide.find(row.text), std::string::npos) << row.rule;
    }
    for (const auto& [name, knob] : pack->knobs) {
      EXPECT_NE(guide.find("| " + name + " |"), std::string::npos);
    }
  }
}

TEST(GuideTest, ShowsAnExampleOfEachKind) {
  const auto programs = shipped();
  const auto guide = guide_markdown(programs);
  for (const auto& pack : programs.packs()) {
    for (const auto& row : pack->requirements) {
      if (row.kind != Kind::checked || row.variant) continue;
      EXPECT_FALSE(row.good.empty()) << row.rule;
      EXPECT_FALSE(row.bad.empty()) << row.rule;
      for (const auto& [name, text] : row.bad) {
        EXPECT_NE(guide.find(text), std::string::npos) << row.rule;
      }
    }
  }
  EXPECT_NE(guide.find("CodeSystem/rule"), std::string::npos);
}

// Whoever writes a pack finds there what it may name.
TEST(GuideTest, TheReferenceBesideThePacksIsUpToDate) {
  std::ifstream in(std::string(GATEWAY_SOURCE_DIR) +
                   "/config/policies/README.md");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_NE(text.find(reference_markdown()), std::string::npos)
      << "write what `workgate guide --facts` prints into it";
}

TEST(GuideTest, TheMatrixHasEveryRowAndItsTest) {
  const auto programs = shipped();
  EXPECT_TRUE(missing_rows(programs).empty());
  const auto text = matrix_text(programs);
  EXPECT_NE(text.find("A4   clinic-work-conditioning   hold   checked       "
                      "Rows/RowTest.FailsItsOwnRule/clinic_work_conditioning_"
                      "A4\n"),
            std::string::npos);
}

}  // namespace
}  // namespace gateway::program
