// MapSet is what the server maps with: a library and the overlays of all
// partners. A reload makes a new one, or says why not; messages under way keep
// the one that they began with.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "map/library.h"
#include "map/overlay.h"

namespace gateway::map {

struct MapSet {
  SharedLibrary library;
  std::map<std::string, Overlay, std::less<>> partners;
  std::string hash;  // of the library and all overlays

  // The partner's own, or that of nobody.
  [[nodiscard]] const Overlay& overlay(std::string_view partner) const;
};
using SharedMapSet = std::shared_ptr<const MapSet>;

struct LoadedMapSet {
  SharedMapSet set;  // null if any problem is more than a warning
  std::vector<MapProblem> problems;
};

// The files of partners/ in a folder of maps.
Result<std::vector<MapFile>> read_partner_folder(const std::string& folder);

LoadedMapSet load_map_set(const std::vector<MapFile>& files,
                          const std::vector<MapFile>& partners,
                          const fhir::TypeModel* model);

// Reads the folder and its partners/, and loads them.
Result<LoadedMapSet> load_maps(const std::string& folder,
                               const fhir::TypeModel* model);

// Overlays of partners that the configuration does not know: a misspelt name
// would switch all of it off.
std::vector<MapProblem> unknown_partners(
    const MapSet& set, const std::vector<std::string_view>& names);

// Nothing could be mapped with the maps of that folder.
MapProblem no_map_in(const std::string& folder);

// "file:line:column: text", a line each.
std::string text_of(const std::vector<MapProblem>& problems);

}  // namespace gateway::map
