#include "store/packed.h"

namespace gateway::store {

void pack(std::string& out, std::uint64_t number) {
  while (number >= 0x80U) {
    out.push_back(static_cast<char>((number & 0x7FU) | 0x80U));
    number >>= 7U;
  }
  out.push_back(static_cast<char>(number));
}

void pack(std::string& out, std::string_view text) {
  pack(out, std::uint64_t{text.size()});
  out.append(text);
}

std::optional<std::uint64_t> Unpacker::number() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80U) return number;
  }
  rest_ = {};
  return std::nullopt;
}

std::optional<std::string_view> Unpacker::text() {
  const auto size = number();
  if (!size || *size > rest_.size()) {
    rest_ = {};
    return std::nullopt;
  }
  const auto text = rest_.substr(0, *size);
  rest_.remove_prefix(*size);
  return text;
}

}  // namespace gateway::store
