// What goes into the store: the sender's own text, with id, meta.versionId,
// meta.lastUpdated and rewritten references, and not one other byte changed.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/json.h"
#include "base/json_edit.h"
#include "exchange/site.h"
#include "exchange/transaction.h"
#include "fhir/resource.h"

namespace gateway::exchange {

struct StoredVersion {
  std::string id;
  std::uint32_t version = 1;
  Instant last_updated;
};

// `rewrites` are edits in bytes of the resource's whole document.
std::string stored_body(Json resource, const StoredVersion& stored,
                        std::vector<TextEdit> rewrites = {});
std::string stored_body(const WriteRequest& request, std::size_t position,
                        const StoredVersion& stored,
                        const Assignment& assignment);

// A key that only one resource of an owner and type may bear (DESIGN B5).
struct ContentKey {
  // grant: other content under the key amends, where an identifier conflicts.
  enum class Kind : std::uint8_t { identifier, grant };
  Kind kind = Kind::identifier;
  std::string key;  // store::BusinessKey::key
  bool operator==(const ContentKey&) const = default;
};

// Of a resource whose references are rewritten already.
std::vector<ContentKey> business_keys(Json resource, const Site& site);

// Equal as JSON, without id and meta.
bool same_content(Json a, Json b);

}  // namespace gateway::exchange
