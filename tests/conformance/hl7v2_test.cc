// Every message of the conformance corpus is read and written byte for byte.

#include "parse/hl7v2.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "folders.h"
#include "parse/hl7v2_tree.h"

namespace gateway::parse {
namespace {

std::filesystem::path corpus() {
  const char* shared = std::getenv("WORKGATE_SHARED");
  const std::filesystem::path base =
      shared != nullptr
          ? std::filesystem::path(shared)
          : std::filesystem::path(GATEWAY_SOURCE_DIR) / ".." / "shared";
  return base / "conformance" / "hl7v2";
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> messages() {
  std::vector<std::filesystem::path> files;
  std::error_code absent;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(corpus(), absent)) {
    if (entry.path().extension() == ".hl7") files.push_back(entry.path());
  }
  return files;
}

// Strings of the tree, and how many of them have bytes that decode to them.
struct Spans {
  std::size_t strings = 0;
  std::size_t exact = 0;
};
void count_spans(Json node, Spans& spans) {
  for (const auto child : node) count_spans(child, spans);
  if (!node.is_string()) return;
  ++spans.strings;
  const auto raw = node.raw();
  const bool escaped = raw.find('\\') != std::string_view::npos;
  if (raw == node.text() || escaped) ++spans.exact;
}

TEST(Hl7v2ConformanceTest, EveryMessageIsWrittenByteForByte) {
  const auto files = messages();
  if (files.empty()) {
    GTEST_SKIP() << "no corpus at " << corpus()
                 << "; set WORKGATE_SHARED to the shared material";
  }
  std::size_t identical = 0;
  Spans spans;
  for (const auto& file : files) {
    const auto bytes = bytes_of(file);
    const auto message = Hl7v2Message::parse(bytes);
    if (!message.ok()) {
      ADD_FAILURE() << file << ": " << message.error().message << " at "
                    << message.error().offset.value_or(0);
      continue;
    }
    EXPECT_EQ(written(*message), bytes) << file;
    if (written(*message) == bytes) ++identical;
    const auto tree = tree_of(*message);
    count_spans(tree.root(), spans);
  }
  std::cout << "hl7v2: " << identical << " of " << files.size()
            << " messages byte-identical, " << spans.exact << " of "
            << spans.strings << " strings at their bytes\n";
  EXPECT_EQ(identical, files.size());
  EXPECT_EQ(spans.exact, spans.strings);
  EXPECT_GE(files.size(), 249U);
}

}  // namespace
}  // namespace gateway::parse
