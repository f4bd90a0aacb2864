// One entry of a transaction or batch as an interaction of its own.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "exchange/interaction.h"
#include "exchange/refusal.h"
#include "exchange/site.h"

namespace gateway::exchange {

// What `entry.request` asks for, parsed by the rules of parse_interaction; the
// preferences are those of `outer`, the request that carries the Bundle. All
// findings name `place`, as "Bundle.entry[2]".
OrRefusal<Interaction> entry_interaction(Json entry, const std::string& place,
                                         const Interaction& outer,
                                         const Site& site);

// What is wrong with a resource that `interaction` (create or update) sends:
// another type than its URL says, or another id. Nothing if it fits.
std::optional<Refusal> misfit(const Interaction& interaction, Json resource,
                              const std::string& place);

}  // namespace gateway::exchange
