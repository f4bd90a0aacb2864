// A file system layer for SQLite that fails when it is told to, and one whose
// unsynced writes live in the memory of the process only: killing the process
// is then as good as cutting the power.
//
// Wraps the system's layer; register it once, and give its name to
// SqliteOptions::vfs.

#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace gateway::store {

// Faults of all files of the layer "faulty", from now on until changed.
struct Faults {
  bool sync_fails = false;   // every sync: EIO
  bool write_fails = false;  // every write: EIO
  bool disk_full = false;    // every write that makes a file longer
};

namespace vfs_detail {

inline std::atomic<bool> sync_fails{false};
inline std::atomic<bool> write_fails{false};
inline std::atomic<bool> disk_full{false};
inline std::atomic<int> syncs{0};

enum class Kind : std::uint8_t { faulty, power_cut, lying_disk };

// What was written to a file and not yet synced, seen by all its handles.
struct Unsynced {
  std::mutex mutex;
  sqlite3_int64 size = -1;  // of the file with them; -1: as on disk
  std::vector<std::pair<sqlite3_int64, std::vector<char>>> in_order;
};

inline std::mutex files_mutex;
inline std::map<std::string, std::shared_ptr<Unsynced>> files;

inline std::shared_ptr<Unsynced> unsynced_of(const char* name) {
  const std::lock_guard lock(files_mutex);
  auto& file = files[name];
  if (!file) file = std::make_shared<Unsynced>();
  return file;
}

struct File {
  sqlite3_file base;
  Kind kind;
  bool is_log;
  std::shared_ptr<Unsynced>* unsynced;  // owned; none for faulty files
  sqlite3_file* real;                   // behind this struct
};

inline File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
inline sqlite3_file* real(sqlite3_file* file) { return of(file).real; }

inline int close(sqlite3_file* file) {
  delete of(file).unsynced;
  of(file).unsynced = nullptr;
  return real(file)->pMethods->xClose(real(file));
}

inline sqlite3_int64 size_on_disk(sqlite3_file* file) {
  sqlite3_int64 size = 0;
  real(file)->pMethods->xFileSize(real(file), &size);
  return size;
}

// The bytes on disk, and over them, in order, what was written since.
inline int read_through(sqlite3_file* file, char* out, int amount,
                        sqlite3_int64 offset, Unsynced& unsynced) {
  const int code = real(file)->pMethods->xRead(real(file), out, amount, offset);
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) return code;
  for (const auto& [start, bytes] : unsynced.in_order) {
    const auto from = std::max(start, offset);
    const auto to = std::min(start + static_cast<sqlite3_int64>(bytes.size()),
                             offset + amount);
    if (from >= to) continue;
    std::memcpy(out + (from - offset), bytes.data() + (from - start),
                static_cast<std::size_t>(to - from));
  }
  const auto size = unsynced.size >= 0 ? unsynced.size : size_on_disk(file);
  return offset + amount <= size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

inline int read(sqlite3_file* file, void* out, int amount,
                sqlite3_int64 offset) {
  if (of(file).unsynced == nullptr) {
    return real(file)->pMethods->xRead(real(file), out, amount, offset);
  }
  Unsynced& unsynced = **of(file).unsynced;
  const std::lock_guard lock(unsynced.mutex);
  return read_through(file, static_cast<char*>(out), amount, offset, unsynced);
}

inline int write(sqlite3_file* file, const void* bytes, int amount,
                 sqlite3_int64 offset) {
  if (of(file).unsynced == nullptr) {
    if (write_fails) return SQLITE_IOERR_WRITE;
    if (disk_full && offset + amount > size_on_disk(file)) return SQLITE_FULL;
    return real(file)->pMethods->xWrite(real(file), bytes, amount, offset);
  }
  Unsynced& unsynced = **of(file).unsynced;
  const std::lock_guard lock(unsynced.mutex);
  const auto* const start = static_cast<const char*>(bytes);
  if (unsynced.size < 0) unsynced.size = size_on_disk(file);
  unsynced.size = std::max(unsynced.size, offset + amount);
  unsynced.in_order.emplace_back(offset,
                                 std::vector<char>(start, start + amount));
  return SQLITE_OK;
}

inline int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (of(file).unsynced != nullptr) {
    Unsynced& unsynced = **of(file).unsynced;
    const std::lock_guard lock(unsynced.mutex);
    for (auto& [start, bytes] : unsynced.in_order) {
      const auto kept = std::clamp<sqlite3_int64>(
          size - start, 0, static_cast<sqlite3_int64>(bytes.size()));
      bytes.resize(static_cast<std::size_t>(kept));
    }
    unsynced.size = size;
    if (size >= size_on_disk(file)) return SQLITE_OK;
  }
  return real(file)->pMethods->xTruncate(real(file), size);
}

inline int sync(sqlite3_file* file, int flags) {
  ++syncs;
  if (of(file).kind == Kind::faulty && sync_fails) return SQLITE_IOERR_FSYNC;
  if (of(file).kind == Kind::lying_disk && of(file).is_log) return SQLITE_OK;
  if (of(file).unsynced != nullptr) {
    Unsynced& unsynced = **of(file).unsynced;
    const std::lock_guard lock(unsynced.mutex);
    for (const auto& [start, bytes] : unsynced.in_order) {
      const int code = real(file)->pMethods->xWrite(
          real(file), bytes.data(), static_cast<int>(bytes.size()), start);
      if (code != SQLITE_OK) return code;
    }
    unsynced.in_order.clear();
    unsynced.size = -1;
  }
  return real(file)->pMethods->xSync(real(file), flags);
}

inline int file_size(sqlite3_file* file, sqlite3_int64* size) {
  if (of(file).unsynced != nullptr) {
    Unsynced& unsynced = **of(file).unsynced;
    const std::lock_guard lock(unsynced.mutex);
    *size = unsynced.size >= 0 ? unsynced.size : size_on_disk(file);
    return SQLITE_OK;
  }
  return real(file)->pMethods->xFileSize(real(file), size);
}

inline const sqlite3_io_methods kMethods = {
    2,
    close,
    read,
    write,
    truncate,
    sync,
    file_size,
    [](sqlite3_file* f, int l) { return real(f)->pMethods->xLock(real(f), l); },
    [](sqlite3_file* f, int l) {
      return real(f)->pMethods->xUnlock(real(f), l);
    },
    [](sqlite3_file* f, int* o) {
      return real(f)->pMethods->xCheckReservedLock(real(f), o);
    },
    [](sqlite3_file* f, int op, void* arg) {
      // Hints of sizes would reach the file before its bytes do.
      if (of(f).unsynced != nullptr &&
          (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE)) {
        return SQLITE_OK;
      }
      return real(f)->pMethods->xFileControl(real(f), op, arg);
    },
    [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
    [](sqlite3_file* f) {
      return real(f)->pMethods->xDeviceCharacteristics(real(f));
    },
    [](sqlite3_file* f, int page, int size, int extend,
       void volatile** memory) {
      return real(f)->pMethods->xShmMap(real(f), page, size, extend, memory);
    },
    [](sqlite3_file* f, int offset, int n, int flags) {
      return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
    },
    [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
    [](sqlite3_file* f, int remove) {
      return real(f)->pMethods->xShmUnmap(real(f), remove);
    },
    nullptr,
    nullptr,
};

inline Kind kind_of(const sqlite3_vfs* vfs) {
  return static_cast<Kind>(reinterpret_cast<std::uintptr_t>(vfs->pAppData));
}

inline int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* out,
                int flags, int* out_flags) {
  sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
  File& file = *new (out) File{};
  file.kind = kind_of(vfs);
  file.is_log = (flags & SQLITE_OPEN_WAL) != 0;
  file.real = reinterpret_cast<sqlite3_file*>(&file + 1);
  const int code = system->xOpen(system, name, file.real, flags, out_flags);
  if (code != SQLITE_OK) return code;
  if (file.kind != Kind::faulty && name != nullptr) {
    file.unsynced = new std::shared_ptr<Unsynced>(unsynced_of(name));
  }
  file.base.pMethods = &kMethods;
  return SQLITE_OK;
}

inline int remove(sqlite3_vfs*, const char* name, int sync_directory) {
  {
    const std::lock_guard lock(files_mutex);
    files.erase(name);
  }
  sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
  return system->xDelete(system, name, sync_directory);
}

inline std::string register_vfs(const char* name, Kind kind) {
  if (sqlite3_vfs_find(name) != nullptr) return name;
  static std::vector<std::unique_ptr<sqlite3_vfs>> registered;
  auto vfs = std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find(nullptr));
  vfs->szOsFile += static_cast<int>(sizeof(File));
  vfs->zName = name;
  vfs->pNext = nullptr;
  vfs->pAppData = reinterpret_cast<void*>(static_cast<std::uintptr_t>(kind));
  vfs->xOpen = open;
  vfs->xDelete = remove;
  sqlite3_vfs_register(vfs.get(), 0);
  registered.push_back(std::move(vfs));
  return name;
}

}  // namespace vfs_detail

inline std::string register_faulty_vfs() {
  return vfs_detail::register_vfs("faulty", vfs_detail::Kind::faulty);
}
// Writes reach the file when it is synced.
inline std::string register_power_cut_vfs() {
  return vfs_detail::register_vfs("power_cut", vfs_detail::Kind::power_cut);
}
// They do not even then, for the log: a disk that says yes and forgets.
inline std::string register_lying_disk_vfs() {
  return vfs_detail::register_vfs("lying_disk", vfs_detail::Kind::lying_disk);
}

inline void set_faults(const Faults& faults) {
  vfs_detail::sync_fails = faults.sync_fails;
  vfs_detail::write_fails = faults.write_fails;
  vfs_detail::disk_full = faults.disk_full;
}

inline int syncs_since_start() { return vfs_detail::syncs; }

}  // namespace gateway::store
