#include "billing/pins.h"

#include <algorithm>

namespace gateway::billing {

Pins::Pins(const episode::Case& facts) {
  for (const auto& [reference, emitted] : facts.emitted()) {
    const std::string_view key = emitted.key;
    if (!key.starts_with("claim|") || emitted.status != "active" ||
        !facts.pulled(reference)) {
      continue;
    }
    const auto root = std::string(key.substr(6, key.find('|', 6) - 6));
    // "97545-GP 2026-04-06 1 210.00;"
    std::string_view rest = emitted.financial;
    while (!rest.empty()) {
      const auto item = rest.substr(0, rest.find(';'));
      const auto at = std::min(item.size(), item.find(' ') + 1);
      const auto date = LocalDate::parse(item.substr(at, 10));
      if (date) numbers_[{root, *date}] = emitted.authorization_number;
      rest.remove_prefix(std::min(rest.size(), item.size() + 1));
    }
  }
}

std::string Pins::of(const std::string& root, LocalDate date) const {
  if (numbers_.empty()) return {};
  const auto found = numbers_.find({root, date});
  return found == numbers_.end() ? std::string() : found->second;
}

}  // namespace gateway::billing
