#include "program/diagnosis_dates.h"

#include <algorithm>

#include "base/text.h"

namespace gateway::program {
namespace {

std::string without_dot(std::string_view icd10) {
  std::string code(icd10);
  std::erase(code, '.');
  return code;
}

// Nothing where the text is neither a date nor empty.
std::optional<std::optional<LocalDate>> date_or_none(std::string_view text) {
  if (text.empty()) return std::optional<LocalDate>();
  const auto date = LocalDate::parse(text);
  if (!date) return std::nullopt;
  return date;
}

}  // namespace

Result<DiagnosisDates> DiagnosisDates::parse(std::string_view text) {
  constexpr std::size_t kColumns = 4;
  DiagnosisDates dates;
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    if (++number == 1 || line.empty()) continue;
    const auto fields = split(line, '\t');
    const bool whole =
        fields.size() == kColumns && !fields[0].empty() && !fields[3].empty();
    const auto from = whole ? date_or_none(fields[1]) : std::nullopt;
    const auto to = whole ? date_or_none(fields[2]) : std::nullopt;
    if (!from || !to || (!*from && !*to)) {
      return Error{ErrorCode::invalid,
                   std::to_string(number) +
                       ":1: code, from, to, source are wanted, with dates as "
                       "2021-09-30"};
    }
    if (*from && *to && **to < **from) {
      return Error{ErrorCode::invalid,
                   std::to_string(number) + ":1: " + std::string(fields[0]) +
                       " ends before it begins; did you mean from " +
                       std::string(fields[2]) + " to " +
                       std::string(fields[1]) + "?"};
    }
    dates.rows_.push_back({without_dot(fields[0]), *from, *to});
  }
  return dates;
}

bool DiagnosisDates::valid(std::string_view icd10, LocalDate day) const {
  const auto code = without_dot(icd10);
  bool named = false;
  for (const auto& row : rows_) {
    if (row.code != code) continue;
    named = true;
    if ((!row.from || *row.from <= day) && (!row.to || day <= *row.to)) {
      return true;
    }
  }
  return !named;
}

bool DiagnosisDates::names(std::string_view icd10) const {
  const auto code = without_dot(icd10);
  return std::any_of(rows_.begin(), rows_.end(),
                     [&](const auto& row) { return row.code == code; });
}

std::optional<bool> DiagnosisDates::all_valid(
    const std::vector<std::string>& diagnoses, LocalDate day) const {
  bool all_named = true;
  for (const auto& code : diagnoses) {
    if (!valid(code, day)) return false;
    all_named &= names(code);
  }
  return all_named ? std::optional(true) : std::nullopt;
}

}  // namespace gateway::program
