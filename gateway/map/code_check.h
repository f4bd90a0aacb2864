// Checks of codes: an element that takes only the codes of a closed value set
// gets no others, whichever way a map writes it - as a text, from a table, as
// a branch of iif(), or where there is no value or no row. Nor does any element
// get a text that can never have its type.

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

// The texts that an expression may give: texts, numbers, true and false, and
// those of the branches of iif().
struct PossibleTexts {
  std::vector<std::string> texts;
  bool others = false;   // it may give what the message says, or anything
  bool nothing = false;  // a branch is {}
};
PossibleTexts possible_texts(std::string_view expression);
PossibleTexts texts_of(const Expression& expression);

fhir::Primitive primitive_of(const fhir::TypeModel& model,
                             const Target& target);

// Why a text could never have the type, and what is wanted; empty if it could.
std::string format_problem(fhir::Primitive type, std::string_view path,
                           std::string_view text);

// Why what an expression computes, whatever the data, could never have the
// type; empty if it could.
std::string computed_problem(fhir::Primitive type, std::string_view path,
                             const Expression& expression);

// An element of closed codes wants a table for what a message says.
std::string table_wanted(std::string_view path, std::string_view value_set,
                         std::string_view text);

// What the target takes, for those who judge texts without the types.
LeafType leaf_type(const fhir::TypeModel& model, const Target& target);

// What is wrong and what is wanted, before it is known where it is said.
struct Wrong {
  LintRule rule = LintRule::type;
  std::string text{};

  [[nodiscard]] bool empty() const { return text.empty(); }
};

// Of a text in that place; empty if it may stand there.
Wrong text_problem(const LeafType& takes, std::string_view text);

// The same of all that an expression without a table may give.
Wrong texts_problem(const LeafType& takes, const Expression& expression);

}  // namespace gateway::map
