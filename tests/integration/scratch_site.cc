#include "integration/scratch_site.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "folders.h"
#include "integration/running_gateway.h"

namespace gateway::integration {

namespace fs = std::filesystem;

ScratchSite::ScratchSite() {
  auto name = (fs::temp_directory_path() / "workgate-site-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    ADD_FAILURE() << "no scratch folder";
    return;
  }
  folder_ = name;
  for (const auto* folder : {"config", "mappings"}) {
    fs::copy(fs::path(GATEWAY_SOURCE_DIR) / folder, fs::path(folder_) / folder,
             fs::copy_options::recursive);
  }
}

ScratchSite::~ScratchSite() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

std::string ScratchSite::path(const std::string& name) const {
  return (fs::path(folder_) / name).string();
}

std::string ScratchSite::text(const std::string& name) const {
  std::ifstream in(path(name), std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

void ScratchSite::write(const std::string& name,
                        const std::string& text) const {
  const auto beside = path(name) + ".new";
  std::ofstream(beside, std::ios::binary) << text;
  fs::rename(beside, path(name));
}

void ScratchSite::change(const std::string& name, const std::string& from,
                         const std::string& to) const {
  write(name, with(text(name), from, to));
}

}  // namespace gateway::integration
