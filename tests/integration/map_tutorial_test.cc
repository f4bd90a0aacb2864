// The tutorial of mappings/README.md is true: its files are written, its
// commands are executed, and they print what it says.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "folders.h"

namespace gateway {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string language;
  std::string file;  // of "file=...": the block is that file
  std::string text;
};

std::vector<Block> blocks_of(const fs::path& document) {
  std::ifstream in(document);
  std::vector<Block> blocks;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("```")) {
      if (inside) blocks.back().text += line + "\n";
      continue;
    }
    inside = !inside;
    if (!inside) continue;
    std::istringstream words(line.substr(3));
    auto& block = blocks.emplace_back();
    std::string file;
    words >> block.language >> file;
    if (file.starts_with("file=")) block.file = file.substr(5);
  }
  return blocks;
}

std::string output_of(const std::string& command, const fs::path& folder) {
  const std::string line = "cd '" + folder.string() + "' && PATH='" +
                           GATEWAY_BINARY_DIR + "':\"$PATH\" " + command +
                           " 2>&1";
  std::string all;
  FILE* pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return "cannot run";
  std::array<char, 4096> buffer{};
  while (true) {
    const auto count = fread(buffer.data(), 1, buffer.size(), pipe);
    if (count == 0) break;
    all.append(buffer.data(), count);
  }
  pclose(pipe);
  return all;
}

// "$ command" and what it prints, up to the next one.
void execute(const Block& block, const fs::path& folder) {
  std::istringstream lines(block.text);
  std::string command;
  std::string expected;
  const auto run = [&] {
    if (!command.empty()) {
      EXPECT_EQ(output_of(command, folder), expected) << command;
    }
    expected.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("$ ")) {
      run();
      command = line.substr(2);
    } else {
      expected += line + "\n";
    }
  }
  run();
}

TEST(MapTutorialTest, ItsCommandsPrintWhatItSays) {
  if (!fs::exists(fs::path(GATEWAY_BINARY_DIR) / "workgate.image")) {
    GTEST_SKIP() << "no workgate.image is built";
  }
  std::string name = (fs::temp_directory_path() / "tutorialXXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  const fs::path folder = name;
  std::size_t executed = 0;
  for (const auto& block :
       blocks_of(fs::path(GATEWAY_SOURCE_DIR) / "mappings" / "README.md")) {
    if (!block.file.empty()) {
      const auto file = folder / block.file;
      fs::create_directories(file.parent_path());
      std::ofstream(file) << block.text;
    } else if (block.language == "console") {
      execute(block, folder);
      ++executed;
    }
  }
  EXPECT_GE(executed, 6U);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace gateway
