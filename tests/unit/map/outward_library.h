// Libraries with one outward map for tests, and a visit to run it on.

#pragma once

#include <string>

#include "map/document.h"
#include "map/map_set.h"
#include "unit/map/small_library.h"

namespace gateway::map {

// What every map of a visit must write.
inline const char* const kVisitHead =
    "    resourceType: Encounter\n"
    "    id: id\n"
    "    identifier:\n"
    "      - value: key\n"
    "    status: status\n";

// A map of a visit with these further lines, indented by four blanks.
inline std::vector<MapFile> visit_files(const std::string& lines,
                                        std::vector<MapFile> others = {}) {
  others.push_back(
      {"v.yaml", "map: v\nversion: '1'\nsource: visit\nemit:\n  e:\n" +
                     std::string(kVisitHead) + lines});
  return others;
}

inline Document sample_visit() {
  Document visit(kVisit);
  const auto root = Document::kRoot;
  visit.set(root, VisitField::id, "e1");
  visit.set(root, VisitField::key, "encounter|r|d");
  visit.set(root, VisitField::status, "finished");
  visit.set(root, VisitField::base, "https://x");
  visit.set(root, VisitField::program, "work-conditioning");
  visit.set(root, VisitField::patient, "Patient/1");
  visit.set_integer(root, VisitField::minutes, 180);
  visit.set(root, VisitField::place_of_service, "11");
  visit.set(root, VisitField::start, "2026-04-14T08:00:00-05:00");
  for (const auto* const actor : {"Practitioner/1", "Practitioner/2"}) {
    visit.set(visit.add(root, VisitField::performers), PerformerField::actor,
              actor);
  }
  return visit;
}

}  // namespace gateway::map
