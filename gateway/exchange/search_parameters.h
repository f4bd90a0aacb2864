// The resource types that the gateway serves and the parameters by which they
// are searched: ONE table, from which come the index entries of a resource,
// the parsing of queries and the CapabilityStatement.
//
// Index values are canonical texts, so that a search is an equality:
//   reference  "Patient/1" (our own base and versions dropped), else as written
//   identifier "system|value", "|value" without a system, "value" and "system|"
//   code       the code itself

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "exchange/site.h"
#include "store/store.h"

namespace gateway::exchange {

enum class ParameterKind : std::uint8_t { reference, identifier, code };

struct SearchParameter {
  std::string_view name;
  ParameterKind kind;
  // Dotted paths of the elements, separated by '|'.
  std::string_view path;
  // reference: the types of its targets, empty for any; code: the code system
  // that the element implies.
  std::string_view of;
  // The parameter under which the value is indexed, where another one covers
  // the same element.
  std::string_view covered_by{};

  [[nodiscard]] std::string_view index_name() const {
    return covered_by.empty() ? name : covered_by;
  }
};

struct ResourceType {
  std::string_view name;
  std::span<const SearchParameter> parameters;
};

std::span<const ResourceType> resource_types();  // sorted by name
const ResourceType* find_type(std::string_view name);
const SearchParameter* find_parameter(const ResourceType& type,
                                      std::string_view name);

// True if `type` is in the list `of`, or any type is.
bool may_target(const SearchParameter& parameter, std::string_view type);

// "Patient/1" for "Patient/1/_history/2" and "{base}/Patient/1"; other texts
// as they are. Empty for references into the resource itself ("#p1").
std::string reference_key(std::string_view reference, const Site& site);

// All index entries of a resource, without repetitions, in table order.
std::vector<store::IndexEntry> index_entries(Json resource, const Site& site);

// The patient whose case the resource belongs to, as "Patient/1": the patient
// itself, or the target of its patient or subject element. Empty if none.
std::string patient_of(Json resource, const Site& site);

// The same reference as it was written: in a Bundle it may be the fullUrl of an
// entry, or conditional.
std::string patient_reference(Json resource);

// The content of `status` (for Claims: what hides drafts). Empty if none.
std::string_view status_of(Json resource);

}  // namespace gateway::exchange
