#include "server/ids.h"

#include <algorithm>
#include <string_view>

namespace gateway::server {
namespace {

std::string base32(std::uint64_t value) {
  // Without letters that look like digits, since people read ids aloud.
  constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string reversed;
  do {
    reversed += kDigits[value % 32];
    value /= 32;
  } while (value > 0);
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

}  // namespace

Ids::Ids(std::uint64_t seed) : prefix_(base32(seed & 0xFFFFFFFFFFU) + "-") {}

std::string Ids::next() { return prefix_ + base32(count_.fetch_add(1) + 1); }

}  // namespace gateway::server
