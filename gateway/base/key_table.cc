#include "base/key_table.h"

#include <cstring>

namespace gateway {

// Eight bytes a step: names are short, and it needs no table.
std::uint32_t name_hash(std::string_view name) {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = name.size() * kFactor;
  std::size_t at = 0;
  for (; at + 8 <= name.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, name.data() + at, sizeof word);
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 32U;
  }
  std::uint64_t rest = 0;
  for (; at < name.size(); ++at) {
    rest = rest << 8U | static_cast<unsigned char>(name[at]);
  }
  hash = (hash ^ rest) * kFactor;
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
    if (slots_[at].hash == hash && names_[slots_[at].key] == name) {
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
