#include "base/letter_case.h"

#include <locale.h>
#include <wctype.h>

#include "base/utf8.h"

namespace gateway {
namespace {

locale_t unicode() {
  static const locale_t kUnicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return kUnicode;
}

struct Letter {
  char32_t code = 0;
  std::size_t size = 1;
};

// REQUIRES: `text` begins with a whole sequence of UTF-8.
Letter first_letter(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const auto lead = byte(0);
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < size) return {lead, 1};
  char32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) code = code << 6U | (byte(i) & 0x3FU);
  return {code, size};
}

template <typename Ascii, typename Wide>
std::string changed(std::string_view text, Ascii ascii, Wide wide) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (static_cast<unsigned char>(text[0]) < 0x80) {
      out += ascii(text[0]);
      text.remove_prefix(1);
      continue;
    }
    const auto letter = first_letter(text);
    const auto other = unicode() == nullptr
                           ? letter.code
                           : static_cast<char32_t>(wide(
                                 static_cast<wint_t>(letter.code), unicode()));
    if (letter.size == 1 || other == letter.code) {
      out += text.substr(0, letter.size);
    } else {
      append_utf8(out, other);
    }
    text.remove_prefix(letter.size);
  }
  return out;
}

}  // namespace

std::string upper_case(std::string_view text) {
  return changed(
      text,
      [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      },
      towupper_l);
}

std::string lower_case(std::string_view text) {
  return changed(
      text,
      [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      },
      towlower_l);
}

}  // namespace gateway
