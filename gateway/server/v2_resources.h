// What a map made of an HL7 v2 message, made ready for the pipeline: each
// resource says which map made it, a period that ends before it begins is kept
// in a form that FHIR allows and that holds what rests on it, and the numbers
// by which the message names its patient are told apart. Pure.

#pragma once

#include <string>
#include <vector>

#include "fhir/outcome.h"
#include "server/patient_numbers.h"
#include "server/v2_places.h"

namespace gateway::server {

struct Prepared {
  std::string body;  // the transaction
  // Of what nothing holds: it stops nothing, but its sender is to know.
  fhir::Outcome told{};
};

// `base` is that of our own codes, `source` goes into meta.source.
Prepared prepared(const V2Places& places, const std::string& base,
                  const std::string& source);

// The numbers of PID-3 by which the message names its patient; none where
// there is only one.
std::vector<PatientNumber> patient_numbers(const V2Places& places);

}  // namespace gateway::server
