// Pins are the numbers under which pulled claims bill: nothing already billed
// ever moves silently to another authorization.

#pragma once

#include <map>
#include <string>
#include <utility>

#include "episode/case.h"

namespace gateway::billing {

class Pins {
 public:
  Pins() = default;
  explicit Pins(const episode::Case& facts);

  // Empty where no pulled claim bills this date. `root` of the referral.
  [[nodiscard]] std::string of(const std::string& root, LocalDate date) const;

 private:
  std::map<std::pair<std::string, LocalDate>, std::string> numbers_;
};

}  // namespace gateway::billing
