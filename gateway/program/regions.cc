#include "program/regions.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"

namespace gateway::program {
namespace {

std::optional<RegionVerdict> verdict_named(std::string_view word) {
  if (word == "ALLOW") return RegionVerdict::allow;
  if (word == "DENY") return RegionVerdict::deny;
  if (word == "REVIEW") return RegionVerdict::review;
  return std::nullopt;
}

std::string without_dot(std::string_view icd10) {
  std::string code(icd10);
  code.erase(std::remove(code.begin(), code.end(), '.'), code.end());
  return code;
}

}  // namespace

std::string_view code(RegionVerdict verdict) {
  switch (verdict) {
    case RegionVerdict::allow:
      return "ALLOW";
    case RegionVerdict::deny:
      return "DENY";
    case RegionVerdict::review:
      return "REVIEW";
  }
  return "REVIEW";
}

Result<Regions> Regions::parse(std::string_view text) {
  constexpr std::size_t kColumns = 4;
  Regions regions;
  std::map<std::string_view, std::size_t> lines;  // where a prefix stands
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    if (++number == 1 || line.empty()) continue;
    const auto fields = split(line, '\t');
    const auto verdict =
        fields.size() == kColumns ? verdict_named(fields[1]) : std::nullopt;
    if (!verdict || fields[0].empty()) {
      return Error{ErrorCode::invalid,
                   std::to_string(number) +
                       ":1: prefix, verdict, region, applies are wanted"};
    }
    if (fields[3] != "any" && fields[3] != "principal") {
      return Error{ErrorCode::invalid,
                   std::to_string(number) + ":1: '" + std::string(fields[3]) +
                       "' is not one of the words; did you mean 'any' or "
                       "'principal'?"};
    }
    const auto [first, fresh] = lines.try_emplace(fields[0], number);
    if (!fresh) {
      return Error{ErrorCode::invalid,
                   std::to_string(number) + ":1: " + std::string(fields[0]) +
                       " has a verdict in line " +
                       std::to_string(first->second) +
                       "; one line for each prefix is wanted"};
    }
    Row row{std::string(fields[0]), fields[0].ends_with('='), *verdict};
    if (row.whole) row.prefix.pop_back();
    regions.rows_.push_back(std::move(row));
  }
  return regions;
}

RegionVerdict Regions::of(std::string_view icd10) const {
  const auto code = without_dot(icd10);
  const Row* best = nullptr;
  for (const auto& row : rows_) {
    if (row.whole ? code != row.prefix : !code.starts_with(row.prefix)) {
      continue;
    }
    if (row.whole) return row.verdict;
    if (best == nullptr || best->prefix.size() < row.prefix.size()) best = &row;
  }
  return best == nullptr ? RegionVerdict::review : best->verdict;
}

RegionVerdict Regions::judge(const std::vector<std::string>& diagnoses) const {
  return diagnoses.empty() ? RegionVerdict::review : of(diagnoses.front());
}

}  // namespace gateway::program
