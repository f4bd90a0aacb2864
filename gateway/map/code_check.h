// Checks of codes: an element that takes only the codes of a closed value set
// gets no others, whichever way a map writes it - as a text, from a table, as
// a branch of iif(), or where there is no value or no row.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/type_model.h"
#include "map/rule.h"
#include "map/target_check.h"

namespace gateway::map {

// The codes that may stand in an element; none if it is not so bound, or if
// they cannot be listed.
struct ClosedCodes {
  std::string value_set;
  std::vector<std::string_view> codes;

  [[nodiscard]] bool exist() const { return !codes.empty(); }
};
ClosedCodes closed_codes(const fhir::TypeModel& model, const Target& target);

// A required code outside of its value set.
void check_code(const fhir::TypeModel& model, std::string_view code,
                const Target& target, const std::string& place,
                std::vector<MapProblem>& problems);

// "f" is not a code of Patient.gender (...); did you mean female?
std::string no_code(std::string_view code, std::string_view path,
                    const ClosedCodes& closed);

// The texts that an expression may give: those of the branches of iif().
struct PossibleTexts {
  std::vector<std::string> texts;
  bool others = false;  // it may give what the message says, or anything
};
PossibleTexts possible_texts(std::string_view expression);

// What an expression may write without a table: its texts, and, where it may
// write anything else, that a table is wanted.
void check_texts(const fhir::TypeModel& model, const Expression& expression,
                 const Target& target, const std::string& place,
                 std::vector<MapProblem>& problems);

}  // namespace gateway::map
