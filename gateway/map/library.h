// MapLibrary is everything that lies in one folder of maps: parts, choices,
// settings, tables and the checked maps themselves. It is loaded as a whole,
// or not at all.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "fhir/type_model.h"
#include "map/code_table.h"
#include "map/rule.h"

namespace gateway::map {

// A file of the folder; names are relative to it.
struct MapFile {
  std::string name;
  std::string text;
};

// Where a map takes a choice that a partner may make otherwise.
struct LibraryChoiceSite {
  std::uint32_t map;  // index of MapLibrary::maps
  ChoiceSite site;
};

// A setting or a choice as it is written somewhere; for people.
struct SaidLine {
  std::string name;
  std::string text;
  std::string place;  // "hl7v2/settings.yaml:3"
};

struct Overlay;

struct MapLibrary {
  std::vector<std::string> files;
  std::vector<Setting> settings;  // with their defaults, by name
  std::vector<CodeTable> tables;
  std::map<std::string, std::uint32_t, std::less<>> table_by_name;
  std::vector<CheckedMap> maps;
  std::vector<LibraryChoiceSite> choice_sites;
  // What rows and settings of partners must fit.
  std::vector<TableUse> table_uses;
  std::vector<SettingUse> setting_uses;
  std::vector<SaidLine> said_settings;
  std::vector<SaidLine> said_choices;
  std::string hash;                      // of all files
  std::shared_ptr<const Overlay> plain;  // the settings of no partner

  [[nodiscard]] const CheckedMap* find(std::string_view name) const;
  // The first for an event as "REF^I12".
  [[nodiscard]] const CheckedMap* for_event(std::string_view event) const;
  // Of the maps for that event the first whose `when` holds for the message,
  // else the one without a `when`; null if there is neither.
  [[nodiscard]] const CheckedMap* for_message(std::string_view event,
                                              Json message,
                                              const Overlay& overlay) const;
  // The outward map of a document; null if there is none.
  [[nodiscard]] const CheckedMap* for_document(const DocumentType& type) const;
  [[nodiscard]] std::string text_of(MapPlace place) const;  // "file:line"
  // "file:line:column"
  [[nodiscard]] std::string exact_text_of(MapPlace place) const;
  [[nodiscard]] std::string_view table_name(std::uint32_t table) const;
};
using SharedLibrary = std::shared_ptr<const MapLibrary>;

// What is written at `value`.
SaidLine said_line(const std::string& name, const Yaml& value);

struct LoadedLibrary {
  SharedLibrary library;  // null if any problem is more than a warning
  std::vector<MapProblem> problems;
};

// Reads *.yaml, tables/*.csv and tables/*.json of a folder, but not partners/
// nor golden cases.
Result<std::vector<MapFile>> read_map_folder(const std::string& folder);

// `model` may be null: then nothing is checked against FHIR's types.
LoadedLibrary load_library(const std::vector<MapFile>& files,
                           const fhir::TypeModel* model);

}  // namespace gateway::map
