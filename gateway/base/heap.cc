#include "base/heap.h"

#include <malloc.h>

namespace gateway {
namespace {

constexpr int kStep = 16 << 20;
constexpr int kKept = 256 << 20;
constexpr int kMapped = 4 << 20;  // larger blocks go back at once
// One for each thread that works all the time: with fewer they wait for each
// other at every block, with more each grows by steps of its own.
constexpr int kHeaps = 4;

}  // namespace

bool set_heap() {
  return mallopt(M_TOP_PAD, kStep) == 1 &&
         mallopt(M_TRIM_THRESHOLD, kKept) == 1 &&
         mallopt(M_MMAP_THRESHOLD, kMapped) == 1 &&
         // Bins of their own for small blocks are gone through at each large
         // one; threads have caches before them anyway.
         mallopt(M_MXFAST, 0) == 1 && mallopt(M_ARENA_MAX, kHeaps) == 1;
}

}  // namespace gateway
