#include "base/key_table.h"

#include <cstring>

namespace gateway {

namespace {

std::uint64_t eight_bytes(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

std::uint64_t four_bytes(const char* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// All bytes of up to eight, and their number is hashed beside them: two reads
// that overlap are cheaper than a loop.
[[gnu::always_inline]] inline std::uint64_t short_word(const char* at,
                                                       std::size_t size) {
  if (size >= 4) return four_bytes(at) | four_bytes(at + size - 4) << 32U;
  if (size == 0) return 0;
  const auto byte = [at](std::size_t i) -> std::uint64_t {
    return static_cast<unsigned char>(at[i]);
  };
  return byte(0) | byte(size / 2) << 8U | byte(size - 1) << 16U;
}

bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() > 16) return a == b;
  if (a.size() <= 8) {
    return short_word(a.data(), a.size()) == short_word(b.data(), b.size());
  }
  return eight_bytes(a.data()) == eight_bytes(b.data()) &&
         eight_bytes(a.data() + a.size() - 8) ==
             eight_bytes(b.data() + b.size() - 8);
}

}  // namespace

std::uint32_t name_hash(std::string_view name) {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = name.size() * kFactor;
  const char* at = name.data();
  if (name.size() <= 8) {
    hash = (hash ^ short_word(at, name.size())) * kFactor;
    return static_cast<std::uint32_t>(hash >> 32U);
  }
  const char* const last = at + name.size() - 8;
  for (; at < last; at += 8) {
    hash = (hash ^ eight_bytes(at)) * kFactor;
    hash ^= hash >> 32U;
  }
  hash = (hash ^ eight_bytes(last)) * kFactor;
  return static_cast<std::uint32_t>(hash >> 32U);
}

KeyTable::KeyTable(const std::vector<std::string>& names) {
  names_.reserve(names.size());
  for (const auto& name : names) intern(name);
}

KeyId KeyTable::intern(std::string_view name) {
  const auto known = find(name);
  if (known != kNoKey) return known;
  const auto key = static_cast<KeyId>(names_.size());
  names_.emplace_back(name);
  if (slots_.size() < names_.size() * 2) {
    grow();
    return key;
  }
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = name_hash(name) & mask;
  while (slots_[at].key != kNoKey) at = (at + 1) & mask;
  slots_[at] = {name_hash(name), key};
  return key;
}

void KeyTable::grow() {
  slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, {});
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto hash = name_hash(names_[i]);
    std::size_t at = hash & mask;
    while (slots_[at].key != kNoKey) at = (at + 1) & mask;
    slots_[at] = {hash, static_cast<KeyId>(i)};
  }
}

KeyId KeyTable::find(std::string_view name) const {
  if (slots_.empty()) return kNoKey;
  const std::size_t mask = slots_.size() - 1;
  const auto hash = name_hash(name);
  for (std::size_t at = hash & mask; slots_[at].key != kNoKey;
       at = (at + 1) & mask) {
    if (slots_[at].hash == hash && same(names_[slots_[at].key], name)) {
      return slots_[at].key;
    }
  }
  return kNoKey;
}

const KeyTable& KeyTable::none() {
  static const KeyTable kNone;
  return kNone;
}

}  // namespace gateway
