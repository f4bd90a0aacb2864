#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace gateway {
namespace {

namespace fs = std::filesystem;

TEST(FileTest, ReadsFilesAndNothingElse) {
  const auto folder = fs::path(::testing::TempDir()) /
                      ("file_test." + std::to_string(getpid()));
  fs::create_directories(folder);
  const auto file = (folder / "a.yaml").string();
  std::ofstream(file) << std::string("id: a\0b", 7);
  ASSERT_TRUE(read_file(file).ok());
  EXPECT_EQ(*read_file(file), std::string("id: a\0b", 7));
  EXPECT_EQ(read_file(folder.string()).error().message,
            folder.string() + ": it is a folder; a file is wanted");
  const auto missing = read_file(file + ".no");
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(missing.error().message, file + ".no: there is no such file");
  const auto pipe = (folder / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_file(pipe).error().message, pipe + ": it is no regular file");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace gateway
