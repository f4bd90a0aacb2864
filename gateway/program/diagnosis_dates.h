// DiagnosisDates say from when to when an ICD-10-CM code may be billed. Codes
// end and begin with a fiscal year, so a bill is judged by its date of service
// and never by the day on which it is made.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"

namespace gateway::program {

class DiagnosisDates {
 public:
  // Lines of code, from, to, source; tabs between them, the first line their
  // names. From or to may be empty, not both. Errors begin with line:column.
  static Result<DiagnosisDates> parse(std::string_view text);

  // Of a code with or without its dot. What the table does not name is valid.
  [[nodiscard]] bool valid(std::string_view icd10, LocalDate day) const;
  // Nothing where no code is known to be invalid, and the table lacks one.
  [[nodiscard]] std::optional<bool> all_valid(
      const std::vector<std::string>& diagnoses, LocalDate day) const;

 private:
  [[nodiscard]] bool names(std::string_view icd10) const;

  struct Row {
    std::string code;  // without its dot
    std::optional<LocalDate> from, to;
  };
  std::vector<Row> rows_;
};

}  // namespace gateway::program
