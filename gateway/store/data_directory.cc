#include "store/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace gateway::store {
namespace {

Error system_error(const std::string& what) {
  return {.code = ErrorCode::unavailable,
          .message = what + ": " + std::strerror(errno),
          .disk_full = errno == ENOSPC};
}

int open_private(const std::string& name) {
  return ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

}  // namespace

DataDirectory::DataDirectory(std::string path, int lock)
    : path_(std::move(path)), lock_(lock) {}

Result<DataDirectory> DataDirectory::open(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code failure;
  const bool made = fs::create_directories(path, failure);
  if (failure) {
    return Error{ErrorCode::unavailable,
                 "cannot make " + path + ": " + failure.message()};
  }
  if (made) {
    fs::permissions(path, fs::perms::owner_all, failure);
  }
  const std::string name = path + "/lock";
  const int file = open_private(name);
  if (file < 0) return system_error("cannot open " + name);
  DataDirectory directory(path, file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return Error{ErrorCode::busy,
                 "the data directory " + path +
                     " is in use by another gateway: stop that one first, or "
                     "choose another directory"};
  }
  // SQLite gives its log the mode of the database.
  const int database = open_private(directory.database());
  if (database < 0) return system_error("cannot open " + directory.database());
  ::close(database);
  return directory;
}

DataDirectory::~DataDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDirectory& DataDirectory::operator=(DataDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

Status DataDirectory::sync() const {
  const int folder = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return system_error("cannot open " + path_);
  const int failed = ::fsync(folder);
  ::close(folder);
  if (failed != 0) return system_error("cannot sync " + path_);
  return Done{};
}

}  // namespace gateway::store
