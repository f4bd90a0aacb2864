// Routes find out what a request asks for from its method and path alone: the
// paths of DESIGN B6, those that have no answer yet (501), and nothing else.

#pragma once

#include <string_view>

#include "exchange/interaction.h"
#include "exchange/refusal.h"
#include "exchange/site.h"
#include "transport/http.h"

namespace gateway::exchange {

// `begun` has what the headers and the query say; of a POST _search also the
// form is read.
OrRefusal<Interaction> route(const transport::Request& request,
                             const Site& site, Interaction begun);

// 501, for what the contract names but this version has not.
Refusal not_yet(std::string_view what);

bool is_fhir_path(std::string_view path);

}  // namespace gateway::exchange
