// ValueSet/$expand (FHIR R4, valueset-operation-expand.html) over the value
// sets of the image, or one that is sent along. What cannot be listed is said:
// an expansion that lacks codes is marked unclosed, and one that has none is
// refused.

#pragma once

#include <string>

#include "base/date.h"
#include "exchange/answer.h"
#include "exchange/interaction.h"
#include "exchange/site.h"
#include "fhir/definitions.h"

namespace gateway::exchange {

Response expand_answer(const Interaction& interaction, std::string body,
                       const fhir::SharedDefinitions& definitions,
                       const Site& site, Instant now);

}  // namespace gateway::exchange
