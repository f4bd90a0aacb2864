// Scanning of JSON text sixteen bytes at a time where the processor can, and
// byte by byte elsewhere: what ends a run of plain characters in a string, and
// where white space ends. Both stop at NUL, which ends the text.
//
// REQUIRES: kScanPadding bytes of NUL behind the text.

#pragma once

#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace gateway {

inline constexpr std::size_t kScanPadding = 16;

// Of RFC 8259, 7: the first quote, backslash or control character.
inline const char* plain_end(const char* at) {
#ifdef __SSE2__
  const auto quote = _mm_set1_epi8('"');
  const auto backslash = _mm_set1_epi8('\\');
  const auto control = _mm_set1_epi8(0x1F);
  for (;; at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // The greater of a byte and 0x1F is 0x1F: it is no greater, unsigned.
    const auto ends =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
                                  _mm_cmpeq_epi8(bytes, backslash)),
                     _mm_cmpeq_epi8(_mm_max_epu8(bytes, control), control));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(ends));
    if (found != 0) return at + __builtin_ctz(found);
  }
#else
  while (static_cast<unsigned char>(*at) > 0x1F && *at != '"' && *at != '\\') {
    ++at;
  }
  return at;
#endif
}

// Of RFC 8259, 2: the first byte that is no white space.
inline const char* space_end(const char* at) {
  const auto is_space = [](char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  };
  if (!is_space(*at)) return at;
  if (!is_space(at[1])) return at + 1;
#ifdef __SSE2__
  for (;; at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto is = [&bytes](char c) {
      return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
    };
    const auto spaces = _mm_or_si128(_mm_or_si128(is(' '), is('\n')),
                                     _mm_or_si128(is('\r'), is('\t')));
    const auto others =
        static_cast<unsigned>(_mm_movemask_epi8(spaces)) ^ 0xFFFFU;
    if (others != 0) return at + __builtin_ctz(others);
  }
#else
  while (is_space(*at)) ++at;
  return at;
#endif
}

}  // namespace gateway
