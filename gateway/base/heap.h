// Heap says how the process takes its memory from the system: in large steps
// that it keeps. By default glibc grows by pages, gives back whatever is free
// at the end, and may have a heap for each thread that does the same; a case
// that is decided anew costs twice as much then.

#pragma once

namespace gateway {

// Once, before there are threads. False where the allocator takes no advice.
bool set_heap();

}  // namespace gateway
