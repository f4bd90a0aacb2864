// ValueSet/$validate-code, CodeSystem/$validate-code and CodeSystem/$lookup
// (FHIR R4, terminology-service.html) over what the image holds. A code of a
// system that it does not hold (SNOMED CT, LOINC, ICD-10-CM, CPT, UCUM) is
// checked by its format only: the answer is then `result` false, with an
// information that it was not checked and the system that would be needed.

#pragma once

#include <string>

#include "exchange/answer.h"
#include "exchange/interaction.h"
#include "exchange/site.h"
#include "fhir/definitions.h"

namespace gateway::exchange {

// Of a value set or of a code system, by the interaction's type.
Response validate_code_answer(const Interaction& interaction, std::string body,
                              const fhir::SharedDefinitions& definitions,
                              const Site& site);
Response lookup_answer(const Interaction& interaction, std::string body,
                       const fhir::Definitions& definitions, const Site& site);

}  // namespace gateway::exchange
