#include "store/search_index.h"

#include <array>
#include <cstdint>

namespace gateway::store {
namespace {

__extension__ using Uint128 = unsigned __int128;

// FNV-1a, 128 bits (draft-eastlake-fnv).
Uint128 hash(std::string_view text) {
  constexpr Uint128 kPrime = (Uint128{1} << 88U) + 0x13BU;
  Uint128 state =
      (Uint128{0x6c62272e07bb0142ULL} << 64U) + 0x62b821756295c58dULL;
  for (const char character : text) {
    state ^= static_cast<unsigned char>(character);
    state *= kPrime;
  }
  return state;
}

std::string hex(Uint128 number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(32, '0');
  for (auto place = text.rbegin(); place != text.rend(); ++place) {
    *place = kDigits[static_cast<std::size_t>(number & 0xFU)];
    number >>= 4U;
  }
  return text;
}

}  // namespace

std::string reference_value(const fhir::ResourceId& target) {
  return target.text();
}

std::string token_value(std::string_view system, std::string_view code) {
  std::string value(system);
  return value.append(1, '|').append(code);
}

// "Type/id" begins with a capital and has no system.
Cluster cluster_of(std::string_view value) {
  const bool reference = !value.empty() && value[0] >= 'A' && value[0] <= 'Z' &&
                         value.find('/') != std::string_view::npos &&
                         value.find('|') == std::string_view::npos;
  return reference ? Cluster::of_value : Cluster::of_param;
}

std::string instant_value(Instant instant) { return utc_text(instant); }

std::string stored_value(std::string_view value) {
  if (value.size() <= kLongestValue) return std::string(value);
  std::size_t kept = kLongestValue - 33;
  while (kept > 0 && (static_cast<unsigned char>(value[kept]) & 0xC0U) == 0x80U)
    --kept;  // not within a character
  return std::string(value.substr(0, kept)) + "#" + hex(hash(value));
}

}  // namespace gateway::store
