// Interaction is one HTTP request, understood: which FHIR interaction or which
// page of the gateway it asks for, with its preferences and conditions
// (FHIR R4, http.html). The body is read here only as the form of a POST
// _search; X-HTTP-Method-Override is not honoured.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "exchange/conditions.h"
#include "exchange/operator_routes.h"
#include "exchange/refusal.h"
#include "exchange/search_request.h"
#include "exchange/site.h"
#include "transport/http.h"

namespace gateway::exchange {

enum class Action : std::uint8_t {
  // FHIR, read side
  capabilities,
  read,
  vread,
  history,
  search,
  explain,    // Claim/{id}/$explain
  checklist,  // ServiceRequest/{id}/$checklist
  measures,   // Measure, all of them
  measure,    // Measure/{id}
  evaluate_measure,
  validate,       // $validate at the base, on a type, on an instance
  expand,         // ValueSet/$expand
  validate_code,  // ValueSet/$validate-code, CodeSystem/$validate-code
  lookup,         // CodeSystem/$lookup
  // FHIR, write side
  create,
  update,
  bundle,  // POST of a transaction or batch to the base
  // beside FHIR
  index,
  live,
  ready,
  metrics,
  message_list,
  message_read,
  operate,  // an Operation
};

bool writes(Action action);
// An operation that may have a body but changes nothing.
bool is_operation(Action action);

struct Interaction {
  Action action = Action::index;
  bool head =
      false;  // HEAD: as GET, but the body stays here: nothing is pulled
  std::string type{};
  std::string id{};           // of the resource, or the sequence of a message
  std::uint32_t version = 0;  // vread

  Return prefer = Return::representation;
  Handling handling = Handling::lenient;
  std::optional<EntityTags> if_match{};
  std::optional<EntityTags> if_none_match{};
  std::optional<Instant> if_modified_since{};
  std::optional<SearchRequest> condition{};  // If-None-Exist, PUT Type?query
  std::optional<SearchRequest> search{};
  std::vector<QueryParameter> query{};  // of the pages beside FHIR
  Operation operation = Operation::none;

  // X-Workgate-Partner, which counts only where security is open.
  std::string partner{};
};

OrRefusal<Interaction> parse_interaction(const transport::Request& request,
                                         const Site& site);

// What If-Match and If-None-Match of an update say: nothing if it may go on,
// else 412. `current`: nothing if the resource does not exist.
std::optional<Refusal> precondition(const Interaction& interaction,
                                    std::optional<std::uint32_t> current);

// FHIR's id type: 1 to 64 of A-Z a-z 0-9 - .
bool is_resource_id(std::string_view id);

}  // namespace gateway::exchange
