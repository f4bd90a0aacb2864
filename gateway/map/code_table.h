// CodeTable translates codes: rows of a CSV file, or a ConceptMap resource.
//
// CSV: a header, then rows "from,to" or "from,to,system,display"; lines that
// begin with '#' are comments. `from` is compared exactly, then in upper case.
// A row "*" stands for every other code, and must be meant.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace gateway::map {

struct TableRow {
  std::string from;
  std::string to;
  std::string system;   // of `to`, where the table says
  std::string display;  // likewise
  std::uint32_t line = 0;
  std::uint32_t column = 1;
};

// In capitals, as codes are compared where no row has one as it was sent.
std::string in_capitals(std::string_view code);

class CodeTable {
 public:
  CodeTable() = default;

  // Errors begin with file:line.
  static Result<CodeTable> from_csv(std::string_view text, std::string file);
  // The rows of all groups, with their target systems.
  static Result<CodeTable> from_concept_map(Json resource, std::string file);

  // Adds a row, or replaces the row of that code.
  void put(TableRow row);

  // The index of the row for `code`; kNoRow if the table lacks it.
  static constexpr std::uint32_t kNoRow = 0xFFFFFFFF;
  [[nodiscard]] std::uint32_t row_for(std::string_view code) const;
  // But for the row "*", which is for every code.
  [[nodiscard]] std::uint32_t own_row_for(std::string_view code) const;
  [[nodiscard]] const std::vector<TableRow>& rows() const { return rows_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] bool answers_all() const;
  [[nodiscard]] std::string place_of(const TableRow& row) const {
    return file_ + ":" + std::to_string(row.line) + ":" +
           std::to_string(row.column);
  }

 private:
  std::string file_;
  std::vector<TableRow> rows_;
  std::unordered_map<std::string, std::uint32_t> by_code_;
};

}  // namespace gateway::map
