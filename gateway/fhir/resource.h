// Resource is one version of a FHIR resource as it lies in the store.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/json.h"

namespace gateway::fhir {

// "Patient/17", or "Patient/17/_history/2" where the version is known.
struct ResourceId {
  std::string type;
  std::string id;

  [[nodiscard]] std::string text() const { return type + "/" + id; }
  auto operator<=>(const ResourceId&) const = default;
};

// A literal relative reference, as "Patient/17" or "Patient/17/_history/2".
// `base` is our own URL: references that begin with it are relative too.
// Nothing for other references (absolute, urn:, #contained).
struct LiteralReference {
  ResourceId target;
  std::optional<std::uint32_t> version;
};
std::optional<LiteralReference> parse_reference(std::string_view reference,
                                                std::string_view base = {});

struct Resource {
  ResourceId id;
  std::uint32_t version = 1;
  Instant last_updated;
  std::string owner;        // the partner whose it is
  SharedDocument document;  // with id and meta as stored
};

}  // namespace gateway::fhir
