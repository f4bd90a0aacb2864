// The FHIR side as the server uses it.
//
//   parsed = parse_interaction(request, site)
//     a Refusal            -> refusal_answer(refusal, site)
//   pages of the server's own (live, ready, metrics, explain, checklist):
//     health_body, metrics_text; read_visible before $explain and $checklist
//   the read side:
//     answer = read_answer(interaction, caller, store, site, now)
//     if answer.pulls: in the lane of each case_key, check that the version is
//     still the current one, commit the Pull, and only then send; if it is not
//     the current one any more, read again
//   operations that change nothing:
//     validate_answer, expand_answer, validate_code_answer, lookup_answer
//   the write side:
//     request = read_write_request(interaction, body, keys, site)
//       a Refusal          -> refusal_answer(refusal, site, body), kept in the
//                             log as unparsed (status 400, 413) or rejected
//     validate each entry.resource; findings -> refusal_answer 422
//     digest of sameness(request) known -> replayed_answer(stored message)
//     in the lane: matches() for conditions and conditional references
//     (0 or several matches of a reference: 412), ids for creates,
//     precondition() for updates, business_keys() and same_content() for
//     replays and 409, then per entry
//       stored_body(request, position, version, assignment)
//       index_entries, status_of, patient_of on the stored document
//     after the commit: written_answer, or bundle_answer

#pragma once

#include <string>

#include "base/key_table.h"
#include "exchange/answer.h"
#include "exchange/caller.h"
#include "exchange/capability_statement.h"
#include "exchange/code_operation.h"
#include "exchange/expand_operation.h"
#include "exchange/interaction.h"
#include "exchange/message_log.h"
#include "exchange/read_side.h"
#include "exchange/search_parameters.h"
#include "exchange/search_request.h"
#include "exchange/search_result.h"
#include "exchange/status_pages.h"
#include "exchange/stored_body.h"
#include "exchange/transaction.h"
#include "exchange/validate_operation.h"

namespace gateway::exchange {

// Parses the body (400 with the byte, 413 for size and depth) and reads it as
// one resource or as a Bundle of entries.
OrRefusal<WriteRequest> read_write_request(const Interaction& interaction,
                                           std::string body,
                                           const KeyTable& keys,
                                           const Site& site);

}  // namespace gateway::exchange
