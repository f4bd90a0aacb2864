// ValidationRequest is a resource with all that it is to be held against, as
// `workgate validate` reads it from a line of NDJSON: nothing of it outlives
// the answer.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "fhir/definitions.h"
#include "fhir/outcome.h"
#include "validate/validator.h"

namespace gateway::validate {

struct ValidationRequest {
  std::string id;                       // JSON text, given back as it came
  std::string resource;                 // raw text; need not be JSON
  std::vector<std::string> supporting;  // definitions for this request only
  ValidateOptions options;
};

// One line. An Error says what is wrong with the line itself.
Result<ValidationRequest> read_request(const std::string& line);

// `options` as in the manifest of the official validator cases.
ValidateOptions request_options(Json options);

struct Answer {
  std::string resource;  // what the findings' places count in
  fhir::Outcome outcome;
};
// What is wrong with the resource, or with a supporting definition.
Answer answer(const ValidationRequest& request,
              const fhir::SharedDefinitions& definitions);

// {"id":...,"outcome":{...}} without a line break.
std::string answer_line(const ValidationRequest& request,
                        const Answer& answered, const std::string& base);

// What a text that is no JSON document is told.
fhir::Finding unreadable(const Error& error);

}  // namespace gateway::validate
