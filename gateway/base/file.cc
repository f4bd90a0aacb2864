#include "base/file.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace gateway {

Result<std::string> read_file(const std::string& file, FileKind kind) {
  namespace fs = std::filesystem;
  const auto wrong = [&file](ErrorCode code, const std::string& what) {
    return Error{code, file + ": " + what};
  };
  std::error_code error;
  const auto status = fs::status(file, error);
  if (!fs::exists(status)) {
    return wrong(ErrorCode::not_found, "there is no such file");
  }
  if (fs::is_directory(status)) {
    return wrong(ErrorCode::invalid, "it is a folder; a file is wanted");
  }
  if (kind == FileKind::regular && !fs::is_regular_file(status)) {
    return wrong(ErrorCode::invalid, "it is no regular file");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return wrong(ErrorCode::not_found, "the file cannot be read");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace gateway
