// Validator says what is wrong with a resource, all of it in one answer.
//
// It is built once from definitions and used by all threads. What it finds are
// values; only the pipeline decides what they stop.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "fhir/definitions.h"
#include "fhir/outcome.h"
#include "validate/programs.h"
#include "validate/rules.h"

namespace gateway::validate {

struct ValidateOptions {
  // Canonical URLs of profiles to hold it against, beside those that it claims
  // in meta.profile.
  std::vector<std::string> profiles;
  RuleOptions rules;
  bool allows_comments = false;  // in the JSON, as some authors write it
};

class Validator {
 public:
  explicit Validator(fhir::SharedDefinitions definitions);

  // REQUIRES: the document was parsed with definitions().keys().
  [[nodiscard]] fhir::Outcome validate(
      const JsonDocument& document, const ValidateOptions& options = {}) const;

  // What a profile alone finds in a resource that is valid otherwise; nothing
  // if it is not loaded. REQUIRES: as validate().
  [[nodiscard]] fhir::Outcome against(Json resource,
                                      std::string_view profile) const;

  [[nodiscard]] const fhir::Definitions& definitions() const {
    return *definitions_;
  }
  [[nodiscard]] const fhir::SharedDefinitions& shared_definitions() const {
    return definitions_;
  }

 private:
  fhir::SharedDefinitions definitions_;
  std::unique_ptr<Programs> programs_;
  Rules::Table rules_;
};

}  // namespace gateway::validate
