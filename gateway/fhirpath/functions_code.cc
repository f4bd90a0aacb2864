// encode(), decode(), escape(), unescape(): FHIRPath 2.0 STU, additional string
// functions.

#include <array>
#include <cstdint>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "fhirpath/function_groups.h"

namespace gateway::fhirpath {
namespace {

constexpr std::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encoded_base64(std::string_view text, std::string_view letters) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto part = text.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8U |
             (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= part.size() ? letters[(bits >> (18 - 6 * k)) & 63U] : '=';
    }
  }
  return out;
}

// Both alphabets are read. Nothing for other letters.
std::optional<std::string> decoded_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (char c : text) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
    const auto value = kPlain.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(static_cast<unsigned char>(bits >> count));
    }
  }
  return out;
}

std::string encoded_hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> decoded_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
  }
  return out;
}

struct Entity {
  char character;
  std::string_view name;
};
constexpr std::array<Entity, 5> kEntities{{{'&', "&amp;"},
                                           {'<', "&lt;"},
                                           {'>', "&gt;"},
                                           {'"', "&quot;"},
                                           {'\'', "&#39;"}}};

std::string escaped_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    std::string_view name(&c, 1);
    for (const auto& entity : kEntities) {
      if (entity.character == c) name = entity.name;
    }
    out += name;
  }
  return out;
}

std::string unescaped_html(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 1;
    char c = text.front();
    for (const auto& entity : kEntities) {
      if (!text.starts_with(entity.name)) continue;
      c = entity.character;
      size = entity.name.size();
    }
    out += c;
    text.remove_prefix(size);
  }
  return out;
}

std::string escaped_json(std::string_view text) {
  const auto quoted = json_quoted(text);
  return quoted.substr(1, quoted.size() - 2);
}

void append_code_unit(std::string& out, std::string_view digits) {
  std::uint32_t code = 0;
  for (const char c : digits) {
    code = code * 16 + static_cast<std::uint32_t>(hex_value(c));
  }
  append_utf8(out, code);
}

std::string unescaped_json(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    constexpr std::string_view kLetters = "nrtfb";
    constexpr std::string_view kMeant = "\n\r\t\f\b";
    const auto digits = text.substr(i + 1, 4);
    const bool hex = digits.size() == 4 &&
                     digits.find_first_not_of("0123456789abcdefABCDEF") ==
                         std::string_view::npos;
    if (c == 'u' && hex) {
      append_code_unit(out, digits);
      i += 4;
    } else {
      const auto found = kLetters.find(c);
      out += found == std::string_view::npos ? c : kMeant[found];
    }
  }
  return out;
}

struct Input {
  Text text;
  Text format;
};
bool read_input(Evaluation& run, const Op& op, const Frame& frame,
                Input& input) {
  return text_focus(run, op, frame, input.text) &&
         text_arg(run, op, 0, frame, input.format);
}

bool give(Evaluation& run, const Op& op, const Input& input,
          const std::optional<std::string>& out) {
  if (!input.text.present || !input.format.present) return true;
  if (!out || first_invalid_utf8(*out) != std::string::npos) {
    return run.fail(op.place, "the text is not in this format");
  }
  return run.push_text(*out);
}

bool unknown_format(Evaluation& run, const Op& op, const Input& input,
                    std::string_view formats) {
  if (!input.text.present || !input.format.present) return true;
  return run.fail(op.place,
                  "the format must be one of " + std::string(formats));
}

bool encode(Evaluation& run, const Op& op, const Frame& frame) {
  Input input;
  if (!read_input(run, op, frame, input)) return false;
  const auto text = input.text.text;
  if (input.format.text == "hex") {
    return give(run, op, input, encoded_hex(text));
  }
  if (input.format.text == "base64") {
    return give(run, op, input, encoded_base64(text, kPlain));
  }
  if (input.format.text == "urlbase64") {
    return give(run, op, input, encoded_base64(text, kUrl));
  }
  return unknown_format(run, op, input, "hex, base64, urlbase64");
}

bool decode(Evaluation& run, const Op& op, const Frame& frame) {
  Input input;
  if (!read_input(run, op, frame, input)) return false;
  const auto text = input.text.text;
  if (input.format.text == "hex") {
    return give(run, op, input, decoded_hex(text));
  }
  if (input.format.text == "base64" || input.format.text == "urlbase64") {
    return give(run, op, input, decoded_base64(text));
  }
  return unknown_format(run, op, input, "hex, base64, urlbase64");
}

bool escape(Evaluation& run, const Op& op, const Frame& frame) {
  Input input;
  if (!read_input(run, op, frame, input)) return false;
  const auto text = input.text.text;
  if (input.format.text == "html") {
    return give(run, op, input, escaped_html(text));
  }
  if (input.format.text == "json") {
    return give(run, op, input, escaped_json(text));
  }
  return unknown_format(run, op, input, "html, json");
}

bool unescape(Evaluation& run, const Op& op, const Frame& frame) {
  Input input;
  if (!read_input(run, op, frame, input)) return false;
  const auto text = input.text.text;
  if (input.format.text == "html") {
    return give(run, op, input, unescaped_html(text));
  }
  if (input.format.text == "json") {
    return give(run, op, input, unescaped_json(text));
  }
  return unknown_format(run, op, input, "html, json");
}

constexpr Function code_function(std::string_view name,
                                 bool (*run)(Evaluation&, const Op&,
                                             const Frame&)) {
  return {.name = name,
          .least = 1,
          .most = 1,
          .gives = Gives::string,
          .flags = kSingular,
          .run = run};
}

constexpr std::array kFunctions{
    code_function("encode", encode),
    code_function("decode", decode),
    code_function("escape", escape),
    code_function("unescape", unescape),
};

}  // namespace

std::span<const Function> code_functions() { return kFunctions; }

}  // namespace gateway::fhirpath
