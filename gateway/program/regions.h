// Regions say which parts of the body a payer's policy is for, by prefixes of
// ICD-10-CM codes without their dots: the longest prefix decides.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gateway::program {

enum class RegionVerdict : std::uint8_t { allow, deny, review };
std::string_view code(RegionVerdict verdict);

class Regions {
 public:
  // Lines of prefix, verdict, region, applies (any, principal); tabs between
  // them, the first line their names. A prefix that ends in "=" is a whole
  // code. Errors name the line.
  static Result<Regions> parse(std::string_view text);

  // Of one code; `review` where nothing matches.
  [[nodiscard]] RegionVerdict of(std::string_view icd10) const;

  // Of a claim: what its principal diagnosis, the first, says.
  [[nodiscard]] RegionVerdict judge(
      const std::vector<std::string>& diagnoses) const;

 private:
  struct Row {
    std::string prefix;
    bool whole = false;
    RegionVerdict verdict = RegionVerdict::review;
  };
  std::vector<Row> rows_;
};

}  // namespace gateway::program
