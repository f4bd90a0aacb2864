// The official validator cases (FHIR/fhir-test-cases), scored as their README
// says: agreement on valid and invalid, and errors at the expected places.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "fhir/definitions.h"

namespace gateway::conformance {

struct CaseResult {
  std::string name;
  std::string module;
  std::string check;
  int expected_errors = 0;
  int found_errors = 0;
  int expected_places = 0;  // error issues with an expression
  int found_places = 0;     // of them, those where we have an error too
  std::vector<std::string> details;

  [[nodiscard]] bool agrees() const {
    return (expected_errors == 0) == (found_errors == 0);
  }
  [[nodiscard]] bool is_questionnaire() const {
    return module == "questionnaire";
  }
};

// `folder` holds manifest.json. Only cases whose name contains `filter`.
std::vector<CaseResult> run_validator_cases(
    const std::string& folder, const fhir::SharedDefinitions& definitions,
    const std::string& filter = {});

struct Score {
  int checks = 0;
  int agreeing = 0;
  int places = 0;
  int found_places = 0;
};
std::map<std::string, Score> scores(const std::vector<CaseResult>& results);

}  // namespace gateway::conformance
