// Looks at eight bytes at once for those that need care, of which most texts
// have none. A text with bytes over 0x7F counts as one that has.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gateway::map {

constexpr std::uint64_t kOneInEach = 0x0101010101010101U;
constexpr std::uint64_t kTopOfEach = kOneInEach * 0x80U;

// The top bit of some byte is set if a byte is below `least`, or over 0x7F.
constexpr std::uint64_t below_or_high(std::uint64_t word, std::uint8_t least) {
  return ((word - kOneInEach * least) | word) & kTopOfEach;
}

// The same if a byte is `c`; it may be set for bytes over 0x7F.
constexpr std::uint64_t has_byte(std::uint64_t word, char c) {
  const auto other = word ^ kOneInEach * static_cast<unsigned char>(c);
  return (other - kOneInEach) & kTopOfEach;
}

// True if `bad` sets nothing in any word of the text; `fill` stands behind its
// end.
template <typename Bad>
bool none_of_words(std::string_view text, char fill, Bad bad) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const char* at = text.data();
  auto left = text.size();
  std::uint64_t word = 0;
  for (; left >= kWord; left -= kWord, at += kWord) {
    std::memcpy(&word, at, kWord);
    if (bad(word) != 0) return false;
  }
  if (left == 0) return true;
  if (text.size() >= kWord) {  // some bytes once more
    std::memcpy(&word, at + left - kWord, kWord);
    return bad(word) == 0;
  }
  word = kOneInEach * static_cast<unsigned char>(fill);
  std::memcpy(&word, at, left);
  return bad(word) == 0;
}

// Stands in JSON as it is.
inline bool needs_no_escape(std::string_view text) {
  return none_of_words(text, ' ', [](std::uint64_t word) {
    return below_or_high(word, 0x20) | has_byte(word, '"') |
           has_byte(word, '\\');
  });
}

// ASCII without blanks or control characters.
inline bool has_no_blanks(std::string_view text) {
  return none_of_words(
      text, '!', [](std::uint64_t word) { return below_or_high(word, 0x21); });
}

}  // namespace gateway::map
