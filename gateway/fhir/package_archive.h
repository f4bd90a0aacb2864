// Reads FHIR packages (.tgz): the JSON files of the folder "package".
// https://hl7.org/fhir/packages.html

#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace gateway::fhir {

struct PackageFile {
  std::string name;
  std::string text;
};

// Without package.json, index files and examples. Refused: what is no gzip or
// tar file, is truncated, or unpacks to more than 256 MB.
Result<std::vector<PackageFile>> read_package(const std::string& file);

}  // namespace gateway::fhir
