// MessageEffect is what a message did, as its sender is told: what became of
// each entry, and the Tasks that are its own. Tasks of the same patient that
// the message neither opened nor is about are none of its business. Pure.

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/date.h"
#include "exchange/fhir_api.h"
#include "server/decision.h"
#include "server/resolution.h"

namespace gateway::server {

class MessageEffect {
 public:
  // All of them outlive it.
  MessageEffect(const exchange::WriteRequest& request, const Resolved& resolved,
                const Decision& decision, Instant now)
      : request_(request),
        resolved_(resolved),
        decision_(decision),
        now_(now) {}

  // REQUIRES: the entry is no GET, and was not refused.
  [[nodiscard]] exchange::Written written(std::size_t position) const;

  // Open Tasks about what the message sent, or that it opened or changed.
  [[nodiscard]] std::vector<const OpenTask*> tasks() const;

  // Their findings. `told`: those about an entry name it, "Bundle.entry[2]...".
  [[nodiscard]] fhir::Outcome findings() const;
  [[nodiscard]] fhir::Outcome told() const;

 private:
  // Of the entry that the Task is about, if it is about one.
  [[nodiscard]] std::optional<std::size_t> entry_of(const OpenTask& task) const;

  const exchange::WriteRequest& request_;
  const Resolved& resolved_;
  const Decision& decision_;
  Instant now_;
};

}  // namespace gateway::server
