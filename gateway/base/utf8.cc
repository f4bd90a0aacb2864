#include "base/utf8.h"

#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace gateway {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

bool continues(unsigned byte) { return (byte & 0xC0U) == 0x80U; }

// Length of the well-formed sequence at `at`, 0 if there is none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto lead = byte_at(text, at);
  const auto second = byte_at(text, at + 1);
  if (lead != 0 && lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !continues(second)) return 0;
  if (lead < 0xE0) return 2;
  if (!continues(byte_at(text, at + 2))) return 0;
  if (lead < 0xF0) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (!continues(byte_at(text, at + 3))) return 0;
  const bool overlong = lead == 0xF0 && second < 0x90;
  const bool too_high = lead == 0xF4 && second > 0x8F;
  return overlong || too_high ? 0 : 4;
}

// True if the eight bytes are ASCII and none is NUL.
bool plain(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  return (word & kHigh) == 0 && ((word - kOnes) & ~word & kHigh) == 0;
}

#ifdef __SSE2__
// The same of sixteen: a byte is positive, as signed, exactly if it is ASCII
// and not NUL.
bool plain_sixteen(const char* bytes) {
  const auto all = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  return _mm_movemask_epi8(_mm_cmpgt_epi8(all, _mm_setzero_si128())) == 0xFFFF;
}
#endif

}  // namespace

std::size_t first_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
#ifdef __SSE2__
    while (text.size() - at >= 16 && plain_sixteen(text.data() + at)) at += 16;
    if (at == text.size()) break;
#endif
    if (text.size() - at >= 8 && plain(text.data() + at)) {
      at += 8;
      continue;
    }
    const auto length = sequence_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

}  // namespace gateway
