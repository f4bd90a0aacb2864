// The searchset Bundle of a page, and the cursors of its paging links. Bodies
// are put in as they lie in the store, byte for byte.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/refusal.h"
#include "exchange/search_request.h"
#include "exchange/site.h"
#include "store/store.h"

namespace gateway::exchange {

// Where the next page begins. Bound to its query and to the partner, so that a
// link which is altered or passed on is refused instead of answered oddly.
std::string cursor_text(const SearchRequest& search, std::string_view partner,
                        const store::SearchPage& page);
// Puts the cursor of `search`, if it has one, into its query. Refused (400)
// where it is not one of ours for this query and partner.
std::optional<Refusal> apply_cursor(SearchRequest& search,
                                    std::string_view partner);

std::string searchset(const SearchRequest& search, std::string_view partner,
                      const store::SearchPage& page, const Site& site);

// The searchset of a search that only counts.
std::string countset(const SearchRequest& search, std::int64_t total,
                     const Site& site);

// The versions of one resource, newest first.
// REQUIRES: `versions` is not empty.
std::string history_bundle(const std::vector<store::StoredResource>& versions,
                           const Site& site);

}  // namespace gateway::exchange
