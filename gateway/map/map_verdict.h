// What a finding means for the message: refused, held, or only told.

#pragma once

#include "fhir/outcome.h"
#include "map/map_engine.h"

namespace gateway::map {

// Adds what a rule found, and says what becomes of the message by the remedy
// that the map gives. Where an element is left out and the map says why
// ({ skip: "..." }), that is told and stops nothing.
void add_finding(MapOutput& output, const MapLibrary& library, const Rule& rule,
                 const Otherwise& otherwise, fhir::Finding finding);

// What cannot be read is left out, as the map says, or because what it says
// instead cannot be read either: that is told and stops nothing.
void add_unread(MapOutput& output, const MapLibrary& library, const Rule& rule,
                fhir::Finding invalid);

// A rule wrote an element as a second type: the message is held.
void add_second_arm(MapOutput& output, const MapLibrary& library,
                    const Rule& rule, ByteSpan span);

}  // namespace gateway::map
