// Files are read whole, and only what is a file: to read a folder throws deep
// within the library, and to open a pipe waits for whoever writes into it.

#pragma once

#include <string>

#include "base/result.h"

namespace gateway {

// What may be read: of a configuration, regular files alone; what a command
// names may be a pipe as well.
enum class FileKind { regular, any };

// The error begins with the file: "FILE: it is a folder".
Result<std::string> read_file(const std::string& file,
                              FileKind kind = FileKind::regular);

}  // namespace gateway
