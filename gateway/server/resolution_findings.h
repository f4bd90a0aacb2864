// What is said where a resource that is sent does not fit what is stored: why
// it is refused, or what its sender is to know. Pure.

#pragma once

#include "exchange/refusal.h"
#include "exchange/transaction.h"
#include "fhir/outcome.h"

namespace gateway::server {

exchange::Refusal several_matches(const exchange::WriteEntry& entry);
// `was_mapped`: from HL7 v2, whose senders have no PUT.
exchange::Refusal other_content(const exchange::WriteEntry& entry,
                                bool was_mapped);
exchange::Refusal other_session(const exchange::WriteEntry& entry);
exchange::Refusal no_match(const exchange::ConditionalReference& reference,
                           bool several);

fhir::Finding nothing_to_withdraw(const exchange::WriteEntry& entry);
fhir::Finding no_such_diagnosis(const exchange::WriteEntry& entry);
fhir::Finding no_such_referral(const exchange::WriteEntry& entry);
fhir::Finding stays_cancelled(const exchange::WriteEntry& entry);
fhir::Finding already_cancelled(const exchange::WriteEntry& entry);

}  // namespace gateway::server
