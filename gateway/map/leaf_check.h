// Checks of leaves: all that one may write, each at the place where the map
// says it. What partners may say later is noted, to be checked then.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fhir/type_model.h"
#include "map/code_check.h"
#include "map/code_table.h"
#include "map/rule.h"
#include "map/target_check.h"

namespace gateway::map {

// A text of a map, or of a row, that can never stand in the target.
void check_text(const fhir::TypeModel& model, std::string_view text,
                const Target& target, const std::string& place,
                std::vector<MapProblem>& problems);

// What an expression may write without a table: its texts, and, where it may
// write anything else, that a table is wanted.
void check_texts(const fhir::TypeModel& model, const Expression& expression,
                 const Target& target, const std::string& place,
                 std::vector<MapProblem>& problems);

// What the rows of a table make of codes: texts that may stand there, and, in
// a required element, no code that means nothing.
void check_rows(const fhir::TypeModel& model, const CodeTable& table,
                const Target& target, std::vector<MapProblem>& problems);
// The same of one row, which a partner adds; empty if it is good.
Wrong row_problem(const LeafType& takes, std::string_view to);

// Adds a use, unless it says nothing new.
void note_use(TableUse use, std::vector<TableUse>& uses);

// An expression always gives a value.
bool always_gives(const Expression& expression);

}  // namespace gateway::map
