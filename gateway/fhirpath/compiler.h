// Compiles the syntax of an expression to a Program: names become numbers of
// the table of keys, steps from name to name become one operation, and types
// are checked where they are known.

#pragma once

#include <memory>

#include "fhirpath/expression.h"
#include "fhirpath/program.h"
#include "fhirpath/syntax.h"

namespace gateway::fhirpath {

// Nothing, and `problem` filled, if the expression can never work.
std::shared_ptr<const Program> compiled(const Syntax& syntax,
                                        std::string_view source,
                                        const CompileOptions& options,
                                        Problem& problem);

}  // namespace gateway::fhirpath
