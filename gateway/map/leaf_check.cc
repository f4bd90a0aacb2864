#include "map/leaf_check.h"

#include <algorithm>
#include <utility>

#include "map/code_check.h"
#include "map/outward_check.h"

namespace gateway::map {
namespace {

std::string means_nothing(std::string_view path) {
  return "a code that means nothing leaves " + std::string(path) +
         " out, which is required: say what it becomes";
}

}  // namespace

void check_text(const fhir::TypeModel& model, std::string_view text,
                const Target& target, const std::string& place,
                std::vector<MapProblem>& problems) {
  auto wrong = format_problem(primitive_of(model, target), target.path, text);
  if (wrong.empty()) {
    check_code(model, text, target, place, problems);
  } else {
    problems.push_back({LintRule::type, place, std::move(wrong)});
  }
}

void check_texts(const fhir::TypeModel& model, const Expression& expression,
                 const Target& target, const std::string& place,
                 std::vector<MapProblem>& problems) {
  if (!expression.exists()) return;
  auto wrong =
      computed_problem(primitive_of(model, target), target.path, expression);
  if (!wrong.empty()) {
    problems.push_back({LintRule::type, place, std::move(wrong)});
    return;
  }
  const auto possible = texts_of(expression);
  for (const auto& text : possible.texts) {
    check_text(model, text, target, place, problems);
  }
  // A document has codes of our own.
  if (!possible.others || expression.plain() != nullptr) return;
  const auto closed = closed_codes(model, target);
  if (!closed.exist()) return;
  problems.push_back(
      {LintRule::code, place,
       table_wanted(target.path, closed.value_set, expression.text())});
}

void check_rows(const fhir::TypeModel& model, const CodeTable& table,
                const Target& target, std::vector<MapProblem>& problems) {
  const bool required = is_required(target);
  for (const auto& row : table.rows()) {
    const auto place = table.place_of(row);
    check_text(model, row.to, target, place, problems);
    if (row.to.empty() && required) {
      problems.push_back(
          {LintRule::required, place, means_nothing(target.path)});
    }
  }
}

Wrong row_problem(const LeafType& takes, std::string_view to) {
  if (to.empty()) {
    return {LintRule::required,
            takes.is_required ? means_nothing(takes.path) : std::string()};
  }
  return text_problem(takes, to);
}

void note_use(TableUse use, std::vector<TableUse>& uses) {
  const auto& takes = use.takes;
  const bool any = takes.codes.empty() && !takes.is_required &&
                   takes.primitive == fhir::Primitive::string;
  const bool known =
      std::any_of(uses.begin(), uses.end(), [&](const TableUse& one) {
        return one.table == use.table &&
               one.takes.primitive == takes.primitive &&
               one.takes.is_required == takes.is_required &&
               one.takes.value_set == takes.value_set;
      });
  if (!any && !known) uses.push_back(std::move(use));
}

bool always_gives(const Expression& expression) {
  if (is_certain(expression)) return true;
  if (!expression.exists() || expression.plain() != nullptr) return false;
  const auto possible = texts_of(expression);
  return !possible.others && !possible.nothing;
}

}  // namespace gateway::map
