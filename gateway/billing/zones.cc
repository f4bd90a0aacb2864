#include "billing/zones.h"

namespace gateway::billing {
namespace {

// What says in which zone the session was: the location's words come first.
std::string named_zone(const episode::Session& session,
                       const episode::Case& facts) {
  const auto location = facts.locations().find(session.location);
  const bool placed =
      location != facts.locations().end() && !location->second.zone.empty();
  return placed ? location->second.zone : session.zone;
}

}  // namespace

Zone zone_of(const episode::Session& session, const episode::Case& facts,
             const program::Programs& programs) {
  const auto name = named_zone(session, facts);
  if (name.empty()) return programs.zone();
  const auto zone = Zone::named(name);
  return zone ? *zone : programs.zone();
}

std::string unknown_zone(const episode::Session& session,
                         const episode::Case& facts) {
  auto name = named_zone(session, facts);
  if (name.empty() || Zone::named(name)) return {};
  return name;
}

}  // namespace gateway::billing
