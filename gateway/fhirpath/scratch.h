// Scratch is the memory of evaluations on one thread: a stack of values and an
// arena for what they compute. It grows to what was needed once, and is used
// again.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "fhirpath/value.h"

namespace gateway::fhirpath {

// Bytes that live until reset().
class Arena {
 public:
  // Nothing beyond `most` bytes since the last reset.
  void* take(std::size_t bytes, std::size_t most);
  void reset();
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  static constexpr std::size_t kChunk = 16U << 10U;
  struct Chunk {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Chunk> chunks_;
  std::size_t chunk_ = 0;  // in use
  std::size_t at_ = 0;     // in it
  std::size_t used_ = 0;
};

// Numbers of a program's names in a document that was parsed with another
// table of keys.
struct BoundKeys {
  const JsonDocument* document = nullptr;
  std::vector<KeyId> keys;  // two for each name
};

// A stack of values that never shrinks its memory.
class ValueStack {
 public:
  [[nodiscard]] std::uint32_t size() const { return size_; }
  Value& operator[](std::uint32_t place) { return values_[place]; }
  const Value& operator[](std::uint32_t place) const { return values_[place]; }
  [[nodiscard]] const Value* data() const { return values_.get(); }
  // REQUIRES: room() > 0.
  void push(const Value& value) { values_[size_++] = value; }
  [[nodiscard]] std::uint32_t room() const { return capacity_ - size_; }
  void cut(std::uint32_t size) { size_ = size; }
  // Makes room for more; false beyond `most` values.
  bool grow(std::uint32_t most);
  // Gives back what one big evaluation took.
  void shrink();

 private:
  std::unique_ptr<Value[]> values_;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

// What descendants() knows of a node on the tape.
struct Placed {
  TypeId type = kUntyped;
  fhir::Primitive primitive = fhir::Primitive::none;
  bool sibling = false;  // belongs to a "_name" member
};

struct Scratch {
  ValueStack stack;
  std::vector<Placed> places;
  Arena arena;
  BoundKeys bound;
  bool busy = false;  // an evaluation is under way
};

// The calling thread's own.
Scratch& thread_scratch();

}  // namespace gateway::fhirpath
