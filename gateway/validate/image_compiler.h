// Compiles FHIR packages to a definitions image, or to an overlay of one.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "fhir/definition_set.h"
#include "fhir/definitions.h"
#include "fhir/outcome.h"

namespace gateway::validate {

struct CompileOptions {
  // Files, folders and .tgz packages; later ones may build on earlier ones.
  std::vector<std::string> packages;
  std::string output;
};

struct CompileReport {
  fhir::Outcome outcome;  // what is wrong with packages and definitions
  std::size_t structures = 0;
  std::size_t value_sets = 0;
  std::size_t code_systems = 0;
  std::size_t bytes = 0;  // of the image; 0: none was written
};

// Writes the image to a file beside `output` and renames it: nobody ever sees
// half an image. With an error in the outcome it writes none, and what was at
// `output` stays.
Result<CompileReport> compile_image(const CompileOptions& options);

// The folder of JSON files that npm installs for config/definitions.
std::vector<std::string> core_packages(const std::string& npm_folder);

struct Compiled {
  fhir::SharedDefinitions definitions;
  fhir::Outcome outcome;
};
// `base` is nullptr for definitions that stand alone.
Result<Compiled> compile(const fhir::DefinitionSet& set,
                         const fhir::SharedDefinitions& base);

}  // namespace gateway::validate
