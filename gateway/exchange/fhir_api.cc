#include "exchange/fhir_api.h"

namespace gateway::exchange {

OrRefusal<WriteRequest> read_write_request(const Interaction& interaction,
                                           std::string body,
                                           const KeyTable& keys,
                                           const Site& site) {
  auto document = parse_shared(std::move(body), keys);
  if (!document) return refusal_of(document.error());
  return read_entries(interaction, *std::move(document), site);
}

}  // namespace gateway::exchange
