#include "program/load.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "folders.h"

namespace gateway::program {
namespace {

TEST(LoadTest, TheShippedPacksLoad) {
  const auto programs =
      load_programs(std::string(GATEWAY_SOURCE_DIR) + "/config/policies", {});
  ASSERT_TRUE(programs.ok()) << programs.error().message;
  EXPECT_EQ(programs->packs().size(), 9U);
}

TEST(LoadTest, AFolderWithoutPacksIsRefused) {
  EXPECT_FALSE(load_programs("/nowhere", {}).ok());
}

TEST(LoadTest, AnErrorNamesItsFile) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("workgate-packs." + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "broken.yaml") << "id: x\nversion: 1\ncolour: red\n";
  const auto programs = load_programs(folder.string(), {});
  std::filesystem::remove_all(folder);
  ASSERT_FALSE(programs.ok());
  EXPECT_NE(programs.error().message.find("broken.yaml:3:1"),
            std::string::npos);
}

TEST(LoadTest, AGateOfNoRowIsRefusedWhereTheSiteSetsIt) {
  const auto message = [](const std::string& row) {
    Site site;
    site.overrides["clinic-work-conditioning"]["gate." + row] = "HOLD";
    site.places["overrides clinic-work-conditioning"] = "gateway.yaml:80:13";
    const auto programs = load_programs(
        std::string(GATEWAY_SOURCE_DIR) + "/config/policies", site);
    return programs.ok() ? std::string() : programs.error().message;
  };
  EXPECT_EQ(message("A28"), "");
  for (const auto* row : {"A99", "A10"}) {
    EXPECT_EQ(message(row), "gateway.yaml:80:13: override gate." +
                                std::string(row) +
                                ": the pack clinic-work-conditioning has no "
                                "such row of evidence");
  }
}

// What only the site's values make wrong is said of the site.
TEST(LoadTest, AnOverrideThatContradictsThePackIsToBlame) {
  Site site;
  site.overrides["clinic-work-conditioning"]["minSessionMinutes"] = "400";
  site.places["overrides clinic-work-conditioning"] = "gateway.yaml:88:13";
  const auto loaded =
      load_programs(std::string(GATEWAY_SOURCE_DIR) + "/config/policies", site);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(
      loaded.error().message.rfind(
          "gateway.yaml:88:13: overrides of clinic-work-conditioning: ", 0),
      0U)
      << loaded.error().message;
}

}  // namespace
}  // namespace gateway::program
