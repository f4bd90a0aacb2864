#include "server/ownership.h"

namespace gateway::server {

Result<std::string> owner_of(const Parts& parts, const exchange::Caller& caller,
                             const exchange::WriteRequest& request) {
  if (caller.role != exchange::Role::clearinghouse) return caller.partner;
  for (const auto& entry : request.entries) {
    const auto claim = fhir::parse_reference(
        entry.resource.find("request.reference").text(), parts.site.base);
    if (!claim) continue;
    const auto stored = parts.store.read(exchange::scope_of(caller),
                                         claim->target, std::nullopt);
    if (!stored) return stored.error();
    if (*stored) return (*stored)->owner;
  }
  return caller.serves.size() == 1 ? caller.serves.front() : caller.partner;
}

}  // namespace gateway::server
