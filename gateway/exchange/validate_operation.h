// $validate: what the gateway would say of a resource if it were sent, without
// taking it (FHIR R4, resource-operation-validate.html). The answer is 200
// with an OperationOutcome whatever is found; it is refused only where nothing
// could be judged.

#pragma once

#include <optional>
#include <string>

#include "base/date.h"
#include "exchange/answer.h"
#include "exchange/interaction.h"
#include "exchange/site.h"
#include "validate/intake.h"

namespace gateway::exchange {

// `stored`: of a request on an instance, the resource of that id as it is.
Response validate_answer(const Interaction& interaction, std::string body,
                         const std::optional<std::string>& stored,
                         const validate::Intake& intake, const Site& site,
                         Instant now);

}  // namespace gateway::exchange
