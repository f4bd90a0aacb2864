// The numbers by which a message names its patient, where there are several.
// They have no order: one that is known says whose message it is. The maps name
// what they make of the patient by the first number, so the one under which the
// patient was first known comes first. If they belong to different stored
// patients, the message would join two people: it waits until somebody says
// whose it is.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "exchange/site.h"
#include "fhir/outcome.h"
#include "store/store.h"

namespace gateway::server {

struct PatientNumber {
  std::string system;
  std::string value;
  std::string place;             // "PID-3[2]"
  std::uint32_t repetition = 0;  // of PID-3, counted from 0
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
  // Of the numbers, the one that stands first in what is stored of that one.
  std::size_t first = 0;
};

// REQUIRES: the lanes of the numbers are held.
Result<PatientsNamed> patients_named(const std::vector<PatientNumber>& numbers,
                                     const std::string& owner,
                                     const exchange::Site& site,
                                     store::Store& store);

// Told where a message does not say the number under which a map first knew its
// patient: what is named by that one is not found by another. `stored`: the
// body of the patient that `sent` is.
std::optional<fhir::Finding> known_by_another(std::string_view stored,
                                              Json sent,
                                              const std::string& expression);

}  // namespace gateway::server
