// Intake judges resources as the gateway takes them: what base R4 or a claimed
// profile refuses is an error; what our own profiles say of a resource that
// does not claim them is told apart, since it holds and never refuses
// (DESIGN B5); and what the site waives is information.

#pragma once

#include <string>
#include <string_view>

#include "base/date.h"
#include "fhir/outcome.h"
#include "validate/validator.h"
#include "validate/waivers.h"

namespace gateway::validate {

// The day in UTC, by which waivers expire.
LocalDate utc_day(Instant now);

class Intake {
 public:
  // Both outlive the intake. `base`: the canonical base of our own profiles.
  Intake(const Validator& validator, const Waivers& waivers, std::string base)
      : validator_(validator), waivers_(waivers), base_(std::move(base)) {}

  // All that is wrong with the document, waivers applied.
  [[nodiscard]] fhir::Outcome judge(const JsonDocument& document, Instant now,
                                    const ValidateOptions& options = {}) const;

  // What our profile for its kind finds in a resource that does not claim it,
  // as warnings that hold; nothing if it claims it or there is none for it.
  [[nodiscard]] fhir::Outcome held(Json resource, Instant now) const;

  [[nodiscard]] const Validator& validator() const { return validator_; }
  [[nodiscard]] const Waivers& waivers() const { return waivers_; }

 private:
  const Validator& validator_;
  const Waivers& waivers_;
  std::string base_;
};

}  // namespace gateway::validate
