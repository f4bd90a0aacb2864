#include "map/code_table.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/utf8.h"

namespace gateway::map {
namespace {

// The cells of one line (RFC 4180, but for line breaks within quotes). Nothing
// if a quote is not closed.
std::optional<std::vector<std::string>> cells(std::string_view line) {
  std::vector<std::string> found(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && line.substr(i + 1).starts_with('"')) {
      found.back() += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      found.emplace_back();
    } else {
      found.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  return found;
}

constexpr const char* kHeaderWanted =
    "a table begins with \"from,to\" or \"from,to,system,display\"";

// The first that is said to be like the code: two equivalences say that it is
// not (FHIR R4, ConceptMap.group.element.target.equivalence).
Json target_of(Json element) {
  for (const auto target : element.get("target")) {
    const auto equivalence = target.get("equivalence").text();
    if (equivalence != "disjoint" && equivalence != "unmatched") return target;
  }
  return {};
}

Error invalid(const std::string& file, std::uint32_t line,
              const std::string& what) {
  return {ErrorCode::invalid,
          file + ":" + std::to_string(line) + ":1: " + what};
}

}  // namespace

std::string in_capitals(std::string_view code) {
  std::string out(code);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

void CodeTable::put(TableRow row) {
  const auto known = by_code_.find(row.from);
  // It may lead to a row in small letters.
  if (known != by_code_.end() && rows_[known->second].from == row.from) {
    rows_[known->second] = std::move(row);
    return;
  }
  const auto index = static_cast<std::uint32_t>(rows_.size());
  by_code_[row.from] = index;
  by_code_.emplace(in_capitals(row.from), index);
  rows_.push_back(std::move(row));
}

std::uint32_t CodeTable::row_for(std::string_view code) const {
  const auto own = own_row_for(code);
  if (own != kNoRow) return own;
  const auto found = by_code_.find("*");
  return found == by_code_.end() ? kNoRow : found->second;
}

std::uint32_t CodeTable::own_row_for(std::string_view code) const {
  auto found = by_code_.find(std::string(code));
  if (found == by_code_.end()) found = by_code_.find(in_capitals(code));
  return found == by_code_.end() ? kNoRow : found->second;
}

bool CodeTable::answers_all() const { return by_code_.contains("*"); }

Result<CodeTable> CodeTable::from_csv(std::string_view text, std::string file) {
  CodeTable table;
  table.file_ = std::move(file);
  std::unordered_set<std::string> codes;  // as they are written
  std::uint32_t number = 0;
  bool header = true;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (first_invalid_utf8(line) != std::string_view::npos) {
      return invalid(table.file_, number,
                     "the text is not UTF-8; save it as UTF-8");
    }
    auto row = cells(line);
    if (!row) return invalid(table.file_, number, "a quote is not closed");
    if (header) {
      header = false;
      if (row->size() < 2 || (*row)[0] != "from" || (*row)[1] != "to") {
        return invalid(table.file_, number, kHeaderWanted);
      }
      continue;
    }
    if (row->size() < 2 || row->size() > 4 || (*row)[0].empty()) {
      return invalid(table.file_, number, "a row has two to four cells");
    }
    // Of the second cell, where no quote hides it.
    const auto column = static_cast<std::uint32_t>(line.find(',') + 2);
    row->resize(4);
    if (!codes.insert((*row)[0]).second) {
      return invalid(table.file_, number, "two rows for \"" + (*row)[0] + "\"");
    }
    table.put({.from = std::move((*row)[0]),
               .to = std::move((*row)[1]),
               .system = std::move((*row)[2]),
               .display = std::move((*row)[3]),
               .line = number,
               .column = column});
  }
  if (header) return invalid(table.file_, 1, kHeaderWanted);
  return table;
}

Result<CodeTable> CodeTable::from_concept_map(Json resource, std::string file) {
  CodeTable table;
  table.file_ = std::move(file);
  if (resource.get("resourceType").text() != "ConceptMap") {
    return Error{ErrorCode::invalid, table.file_ + ":1:1: not a ConceptMap"};
  }
  for (const auto group : resource.get("group")) {
    for (const auto element : group.get("element")) {
      const auto target = target_of(element);
      if (target.get("code").text().empty()) continue;
      // Where the code stands that the map would write.
      const auto place = line_column(element.document()->source(),
                                     target.get("code").span().begin);
      table.put({.from = std::string(element.get("code").text()),
                 .to = std::string(target.get("code").text()),
                 .system = std::string(group.get("target").text()),
                 .display = std::string(target.get("display").text()),
                 .line = place.line,
                 .column = place.column});
    }
    const auto unmapped = group.get("unmapped");
    if (unmapped.get("mode").text() == "fixed") {
      table.put({.from = "*",
                 .to = std::string(unmapped.get("code").text()),
                 .system = std::string(group.get("target").text()),
                 .display = std::string(unmapped.get("display").text()),
                 .line = 1});
    }
  }
  return table;
}

}  // namespace gateway::map
