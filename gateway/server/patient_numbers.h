// The numbers by which a message names its patient, where there are several.
// If they belong to different stored patients, the message would join two
// people: it waits until somebody says whose it is.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "exchange/site.h"
#include "fhir/outcome.h"
#include "store/store.h"

namespace gateway::server {

struct PatientNumber {
  std::string query;  // "identifier=…" that finds whose it is
  std::string place;  // "PID-3[2]"
};

// What says so in the log, and which Tasks are about it.
inline constexpr const char* kSeveralPatients = "v2/several-patients";

// A lane for each, named as that of a condition which looks for it.
std::vector<std::string> number_lanes(const std::vector<PatientNumber>& numbers,
                                      const std::string& owner,
                                      const exchange::Site& site);

// One finding where they belong to more than one patient of the owner.
// REQUIRES: the lanes of the numbers are held.
Result<fhir::Outcome> several_patients(
    const std::vector<PatientNumber>& numbers, const std::string& owner,
    const exchange::Site& site, store::Store& store);

}  // namespace gateway::server
