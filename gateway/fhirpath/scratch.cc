#include "fhirpath/scratch.h"

#include <algorithm>

namespace gateway::fhirpath {

void* Arena::take(std::size_t bytes, std::size_t most) {
  constexpr std::size_t kAlign = alignof(std::max_align_t);
  bytes = (bytes + kAlign - 1) / kAlign * kAlign;
  if (bytes > most || used_ > most - bytes) return nullptr;
  while (chunk_ < chunks_.size() && chunks_[chunk_].size - at_ < bytes) {
    ++chunk_;
    at_ = 0;
  }
  if (chunk_ == chunks_.size()) {
    const auto size = std::max(kChunk, bytes);
    chunks_.push_back({std::make_unique<std::byte[]>(size), size});
    at_ = 0;
  }
  void* taken = chunks_[chunk_].bytes.get() + at_;
  at_ += bytes;
  used_ += bytes;
  return taken;
}

void Arena::reset() {
  // One big evaluation must not hold its memory for ever.
  constexpr std::size_t kKept = 8;
  if (chunks_.size() > kKept) chunks_.resize(kKept);
  chunk_ = 0;
  at_ = 0;
  used_ = 0;
}

bool ValueStack::grow(std::uint32_t most) {
  constexpr std::uint32_t kFirst = 256;
  if (capacity_ >= most) return false;
  const auto larger = std::min(std::max(kFirst, capacity_ * 2), most);
  auto values = std::make_unique<Value[]>(larger);
  std::copy_n(values_.get(), size_, values.get());
  values_ = std::move(values);
  capacity_ = larger;
  return true;
}

void ValueStack::shrink() {
  constexpr std::uint32_t kKept = 1U << 16U;
  if (capacity_ <= kKept) return;
  values_ = nullptr;
  size_ = 0;
  capacity_ = 0;
}

Scratch& thread_scratch() {
  thread_local Scratch scratch;
  return scratch;
}

}  // namespace gateway::fhirpath
