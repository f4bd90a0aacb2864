// The headers that make a request conditional, and those that say what its
// sender prefers (RFC 9110, 13; RFC 7240; FHIR R4, http.html#concurrency).

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "exchange/search_request.h"
#include "transport/http.h"

namespace gateway::exchange {

// Of If-Match and If-None-Match. FHIR's tags are weak: W/"3" is version 3.
struct EntityTags {
  bool any = false;                     // *
  std::vector<std::uint32_t> versions;  // tags of other forms match nothing
  // `current`: nothing if the resource does not exist.
  [[nodiscard]] bool match(std::optional<std::uint32_t> current) const;
};

// Nothing for what is no list of entity tags.
std::optional<EntityTags> parse_entity_tags(std::string_view text);

enum class Return : std::uint8_t { representation, minimal, operation_outcome };

struct Preferences {
  Return what = Return::representation;
  Handling handling = Handling::lenient;
};

// What it does not know it ignores, as RFC 7240 demands.
Preferences parse_preferences(const transport::Headers& headers);

std::string http_date(Instant instant);  // RFC 9110, 5.6.7
// The preferred form only; nothing for others, which then count as absent.
std::optional<Instant> parse_http_date(std::string_view text);

}  // namespace gateway::exchange
