// What the gateway can do, said from the same tables by which it does it:
// the CapabilityStatement and the index at `GET /`.

#pragma once

#include <string>

#include "exchange/site.h"

namespace gateway::exchange {

std::string capability_statement(const Site& site);
std::string index_page(const Site& site);

}  // namespace gateway::exchange
