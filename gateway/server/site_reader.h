// Reads the part of the configuration that bills: programs, payers, fees and
// knobs, into program::Site, and the packs into program::Programs.

#pragma once

#include <string>

#include "base/result.h"
#include "base/yaml.h"
#include "program/programs.h"

namespace gateway::server {

// `root` of config/gateway.yaml. Errors begin with file:line:column.
Result<program::Site> read_site(const Yaml& root);

// All packs of the folder `policies` beside the configuration file, with the
// site's overrides. The model, where there is one, outlives the programs.
Result<program::Programs> read_programs(const std::string& configuration_file,
                                        const program::Site& site,
                                        const fhir::TypeModel* model = nullptr);

}  // namespace gateway::server
