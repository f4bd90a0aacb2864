// What operators do beside FHIR: the configuration in force, the message log,
// its replays and its pruning. The table in the source file is the whole list.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "exchange/refusal.h"
#include "transport/http.h"

namespace gateway::exchange {

struct Interaction;

enum class Operation : std::uint8_t {
  none,
  configuration,  // what is in force
  reload,
  rollback,
  message_search,  // POST, since what is looked for may name a person
  replay,          // of one message
  replay_plan,     // of all that a search finds
  replay_read,
  replay_start,
  replay_cancel,
  prune_plan,  // of all that the site keeps no longer
  prune_read,
  prune_start,
  prune_cancel,
};

// Nothing if no such path is in the table; else the interaction, or a refusal
// of its method. `path`: the segments behind the first slash.
std::optional<OrRefusal<Interaction>> operator_route(
    const transport::Request& request,
    const std::vector<std::string_view>& path, const Interaction& begun);

}  // namespace gateway::exchange
