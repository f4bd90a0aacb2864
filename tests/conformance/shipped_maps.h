// The shipped maps, loaded against the definitions image that the build made.

#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "fhir/type_model.h"
#include "folders.h"
#include "map/map_set.h"

namespace gateway::map {

class ShippedMapsTest : public testing::Test {
 protected:
  // Skips the test where no image is built.
  void SetUp() override {
    const char* named = std::getenv("WORKGATE_IMAGE");
    const auto opened = fhir::Definitions::open(
        named != nullptr ? named
                         : std::string(GATEWAY_BINARY_DIR) + "/workgate.image");
    if (!opened.ok()) GTEST_SKIP() << "no workgate.image is built";
    definitions_ = *opened;
    model_ = std::make_unique<fhir::TypeModel>(*definitions_);
    const auto loaded = load_maps(maps(), model_.get());
    ASSERT_TRUE(loaded.ok());
    ASSERT_NE(loaded->set, nullptr) << text_of(loaded->problems);
    set_ = loaded->set;
  }

  static std::string maps() {
    return std::string(GATEWAY_SOURCE_DIR) + "/mappings";
  }

  fhir::SharedDefinitions definitions_;
  std::unique_ptr<fhir::TypeModel> model_;
  SharedMapSet set_;
};

}  // namespace gateway::map
