// Load reads every policy pack of a folder, with the tables that they name.

#pragma once

#include <string>

#include "base/result.h"
#include "program/programs.h"

namespace gateway::program {

// Errors begin with file:line:column. A failed load changes nothing: whoever
// runs keeps the programs that it has. With a model, which must outlive the
// programs, what requirements say of resources is checked too.
Result<Programs> load_programs(const std::string& folder, Site site,
                               const fhir::TypeModel* model = nullptr);

}  // namespace gateway::program
