// The values of search parameters, as FHIR writes them in queries (R4,
// search.html), turned into the canonical texts of the index.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "exchange/search_parameters.h"
#include "exchange/site.h"

namespace gateway::exchange {

// The pieces of `text` between separators that no backslash escapes, still
// escaped.
std::vector<std::string> split_escaped(std::string_view text, char separator);
std::string unescaped(std::string_view text);

// "system|value" of the index, in which '|' and '\' of either part are escaped.
std::string token_text(std::string_view system, std::string_view value);
std::string escaped_token_part(std::string_view part);

// The index values that one alternative stands for. Nothing if it is no value
// of this parameter; no values if it stands for all that has the parameter.
std::optional<std::vector<std::string>> index_values(
    const SearchParameter& parameter, std::string_view target_type,
    std::string_view alternative, const Site& site);

// Half-open; a side that is missing is open.
struct InstantRange {
  std::optional<Instant> from;
  std::optional<Instant> until;
};

// A date with its prefix, as "ge2026-04-06": what it means as a range of
// instants (UTC where no offset is written). Nothing for other texts, and for
// the prefixes ne and ap, which are no ranges.
std::optional<InstantRange> instant_range(std::string_view text);

}  // namespace gateway::exchange
