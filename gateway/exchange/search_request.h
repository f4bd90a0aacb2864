// A search as understood: the query for the store, and what the answer must
// say about it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/query.h"
#include "exchange/refusal.h"
#include "exchange/search_parameters.h"
#include "exchange/site.h"
#include "fhir/outcome.h"
#include "store/store.h"

namespace gateway::exchange {

enum class Handling : std::uint8_t { lenient, strict };

struct SearchRequest {
  store::SearchQuery query{};
  std::vector<QueryParameter> applied{};  // for the self link
  fhir::Outcome ignored{};                // what was not understood
  bool count_only = false;                // _summary=count, _count=0
  std::string cursor{};                   // of a paging link; empty: first page
};

constexpr std::size_t kDefaultPage = 50;
constexpr std::size_t kLargestPage = 1000;
constexpr std::size_t kMostAlternatives = 200;  // of one parameter

// The parameter that carries the cursor in paging links.
constexpr std::string_view kCursor = "_cursor";

// Unknown parameters are ignored and reported, or refused under strict
// handling; unknown modifiers and values of known ones are always refused.
// REQUIRES: find_type(type).
OrRefusal<SearchRequest> parse_search(
    std::string_view type, const std::vector<QueryParameter>& parameters,
    Handling handling, const Site& site);

// A condition (If-None-Exist, Type?query, a conditional reference): strict,
// and with at least one parameter that selects. Refused (412 is the caller's
OrRefusal<SearchRequest> parse_condition(std::string_view type,
                                         std::string_view query,
                                         const Site& site);

}  // namespace gateway::exchange
