// Zones says in which zone a session took place: that of its location, then
// its own, then the site's. One that nobody knows is not the site's: the date
// of service would be a guess.

#pragma once

#include <string>

#include "episode/case.h"
#include "program/programs.h"

namespace gateway::billing {

Zone zone_of(const episode::Session& session, const episode::Case& facts,
             const program::Programs& programs);
// The name of a zone that the tz database lacks; empty where there is none.
std::string unknown_zone(const episode::Session& session,
                         const episode::Case& facts);

}  // namespace gateway::billing
