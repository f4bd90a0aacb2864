// DataDirectory is the folder of one store, held by one process: whoever comes
// second is refused. The lock goes with the process, however that ends.

#pragma once

#include <string>

#include "base/result.h"

namespace gateway::store {

class DataDirectory {
 public:
  // Makes the folder (for its owner only) where it is missing.
  static Result<DataDirectory> open(const std::string& path);
  ~DataDirectory();
  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&& other) noexcept;
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  [[nodiscard]] std::string database() const { return path_ + "/workgate.db"; }
  // Makes names of new files durable.
  [[nodiscard]] Status sync() const;

 private:
  DataDirectory(std::string path, int lock);
  std::string path_;
  int lock_ = -1;  // file descriptor
};

}  // namespace gateway::store
