#include "server/places.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace gateway::server {
namespace {

const Usage kUsageOfTest{
    .options = {{"image", "FILE", ""}, {"config", "FILE", ""}}};

TEST(PlacesTest, PrefersWhatIsNamed) {
  const auto named =
      *Arguments::parse({"--image=a", "--config=b"}, kUsageOfTest);
  EXPECT_EQ(image_path(named, "c"), "a");
  EXPECT_EQ(configuration_path(named), "b");
  EXPECT_EQ(image_path({}, "c"), "c");
}

TEST(PlacesTest, LooksBesideTheBinary) {
  EXPECT_TRUE(std::filesystem::is_directory(binary_folder()));
  EXPECT_EQ(image_path({}, ""), binary_folder() + "/workgate.image");
}

}  // namespace
}  // namespace gateway::server
