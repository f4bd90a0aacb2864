// The numbers by which a message names its patient, where there are several.
// They have no order: one that is known says whose message it is. If they
// belong to different stored patients, the message would join two people: it
// waits until somebody says whose it is.

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

// Whose they are among the patients of the owner.
struct PatientsNamed {
  fhir::Outcome several{};  // one finding, where it is more than one
  std::optional<fhir::ResourceId> only{};
};

// REQUIRES: the lanes of the numbers are held.
Result<PatientsNamed> patients_named(const std::vector<PatientNumber>& numbers,
                                     const std::string& owner,
                                     const exchange::Site& site,
                                     store::Store& store);

}  // namespace gateway::server
