#include "parse/hl7v2_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/utf8.h"

namespace gateway::parse {
namespace {

constexpr std::array<std::pair<std::string_view, Hl7v2Charset>, 8> kCharsets{{
    {"", Hl7v2Charset::utf8},
    {"ASCII", Hl7v2Charset::utf8},
    {"UNICODE UTF-8", Hl7v2Charset::utf8},
    {"UNICODE", Hl7v2Charset::utf8},
    {"UTF-8", Hl7v2Charset::utf8},
    {"8859/1", Hl7v2Charset::latin1},
    {"ISO-8859-1", Hl7v2Charset::latin1},
    {"ISO8859-1", Hl7v2Charset::latin1},
}};

bool is_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; }

void append_latin1(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80U) {
    out.push_back(c);
    return;
  }
  out.push_back(static_cast<char>(0xC0U | (byte >> 6U)));
  out.push_back(static_cast<char>(0x80U | (byte & 0x3FU)));
}

std::string as_utf8(std::string_view bytes, Hl7v2Charset charset) {
  if (charset == Hl7v2Charset::utf8) return std::string(bytes);
  std::string out;
  for (const char c : bytes) append_latin1(out, c);
  return out;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return std::nullopt;
}

// \Xhh..\: bytes in the message's own character set. Nothing unless they are
// text there; NUL is none.
std::optional<std::string> hex_text(std::string_view digits,
                                    Hl7v2Charset charset) {
  if (digits.empty() || digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto high = hex_digit(digits[i]);
    const auto low = hex_digit(digits[i + 1]);
    if (!high || !low || (*high == 0 && *low == 0)) return std::nullopt;
    bytes.push_back(static_cast<char>(*high * 16 + *low));
  }
  auto text = as_utf8(bytes, charset);
  if (first_invalid_utf8(text) != std::string_view::npos) return std::nullopt;
  return text;
}

// The meaning of what stands between two escape characters. Highlighting
// (\H\, \N\) and layout other than line breaks mean nothing to us.
std::optional<std::string> resolved(std::string_view sequence,
                                    const Hl7v2Delimiters& delimiters,
                                    Hl7v2Charset charset) {
  if (sequence == "F") return std::string(1, delimiters.field);
  if (sequence == "S") return std::string(1, delimiters.component);
  if (sequence == "T") return std::string(1, delimiters.subcomponent);
  if (sequence == "R") return std::string(1, delimiters.repetition);
  if (sequence == "E") return std::string(1, delimiters.escape);
  if (sequence == "P" && delimiters.truncation != '\0') {
    return std::string(1, delimiters.truncation);
  }
  if (sequence == ".br") return "\n";
  if (sequence == "H" || sequence == "N") return "";
  if (sequence.starts_with('X')) return hex_text(sequence.substr(1), charset);
  return std::nullopt;
}

constexpr std::size_t kLongestSequence = 4096;

}  // namespace

Result<Hl7v2Charset> charset_named(std::string_view code) {
  for (const auto& [name, charset] : kCharsets) {
    if (name == code) return charset;
  }
  return Error{ErrorCode::unsupported,
               "The character set of MSH-18 is not supported: send ASCII, "
               "8859/1 or UNICODE UTF-8."};
}

bool is_plain(std::string_view raw, const Hl7v2Delimiters& delimiters,
              Hl7v2Charset charset) {
  if (raw.find(delimiters.escape) != std::string_view::npos) return false;
  return charset == Hl7v2Charset::utf8 ||
         std::all_of(raw.begin(), raw.end(), is_ascii);
}

std::string decoded(std::string_view raw, const Hl7v2Delimiters& delimiters,
                    Hl7v2Charset charset) {
  std::string out;
  while (!raw.empty()) {
    const auto open = raw.find(delimiters.escape);
    out += as_utf8(raw.substr(0, open), charset);
    if (open == std::string_view::npos) break;
    const auto window = raw.substr(open + 1, kLongestSequence);
    const auto close = window.find(delimiters.escape);
    const auto text =
        close == std::string_view::npos
            ? std::nullopt
            : resolved(window.substr(0, close), delimiters, charset);
    if (text) {
      out += *text;
      raw.remove_prefix(open + close + 2);
    } else {  // the escape character stands for itself
      out.push_back(delimiters.escape);
      raw.remove_prefix(open + 1);
    }
  }
  return out;
}

std::string encoded(std::string_view text, const Hl7v2Delimiters& delimiters) {
  const auto escape = [&delimiters](std::string_view sequence) {
    return delimiters.escape + std::string(sequence) + delimiters.escape;
  };
  std::string out;
  for (const char c : text) {
    if (c == delimiters.field) {
      out += escape("F");
    } else if (c == delimiters.component) {
      out += escape("S");
    } else if (c == delimiters.subcomponent) {
      out += escape("T");
    } else if (c == delimiters.repetition) {
      out += escape("R");
    } else if (c == delimiters.escape) {
      out += escape("E");
    } else if (c == '\n') {
      out += escape(".br");
    } else if (is_ascii(c) && static_cast<unsigned char>(c) < 0x20U) {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out += escape(std::string{'X', kHex[byte >> 4U], kHex[byte & 0xFU]});
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace gateway::parse
