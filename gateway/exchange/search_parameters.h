// The resource types that the gateway serves and the parameters by which they
// are searched: ONE table, from which come the index entries of a resource,
// the parsing of queries and the CapabilityStatement.
//
// Index values are canonical texts, so that a search is an equality:
//   reference  "Patient/1" (our own base and versions dropped), else as written
//   identifier "system|value", "|value" without a system, "value" and "system|"
//   code       the code itself

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "exchange/refusal.h"
#include "exchange/site.h"
#include "store/store.h"

namespace gateway::exchange {

enum class ParameterKind : std::uint8_t { reference, identifier, code };

struct SearchParameter {
  std::string_view name;
  ParameterKind kind;
  // Dotted paths of the elements, separated by '|'.
  std::string_view path;
  // reference: target types for "?patient=1"; code: the implied system.
  std::string_view of;
  // The parameter under which the value is indexed, where another one covers
  // the same element; empty: this one.
  std::string_view indexed_as{};
};

struct ResourceType {
  std::string_view name;
  std::span<const SearchParameter> parameters;
};

std::span<const ResourceType> resource_types();  // sorted by name
const ResourceType* find_type(std::string_view name);

// All index entries of a resource, without repetitions, in table order.
std::vector<store::IndexEntry> index_entries(Json resource, const Site& site);

// The patient whose case the resource belongs to, as "Patient/1": the patient
// itself, or the target of its patient or subject element. Empty if none.
std::string patient_of(Json resource, const Site& site);

// The content of `status` (for Claims: what hides drafts). Empty if none.
std::string_view status_of(Json resource);

// One parameter of a query, percent-decoded, in the order received.
struct QueryParameter {
  std::string name;
  std::string value;
  bool operator==(const QueryParameter&) const = default;
};

// `text` as application/x-www-form-urlencoded. Refused (400): broken percent
// escapes, NUL, invalid UTF-8, too many parameters.
OrRefusal<std::vector<QueryParameter>> parse_query(std::string_view text);
std::string query_text(const std::vector<QueryParameter>& parameters);

enum class Handling : std::uint8_t { lenient, strict };

// A search as understood.
struct SearchRequest {
  store::SearchQuery query;
  std::vector<QueryParameter> applied;  // for the self link
  fhir::Outcome ignored;                // what was not understood
  bool count_only = false;              // _summary=count, _count=0
  std::string cursor;                   // of a paging link; empty: first page
};

constexpr std::size_t kDefaultPage = 50;
constexpr std::size_t kLargestPage = 1000;

// Unknown parameters are ignored and reported, or refused under strict
// handling; unknown modifiers and values of known ones are always refused.
OrRefusal<SearchRequest> parse_search(
    std::string_view type, const std::vector<QueryParameter>& parameters,
    Handling handling, const Site& site);

// A condition (If-None-Exist, Type?query, a conditional reference): strict,
// and at least one parameter that selects.
OrRefusal<SearchRequest> parse_condition(std::string_view type,
                                         std::string_view query,
                                         const Site& site);

}  // namespace gateway::exchange
