#include "map/library.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "map/leaf_check.h"
#include "map/map_compiler.h"
#include "map/outward_program.h"
#include "map/overlay.h"
#include "security/digest.h"

namespace gateway::map {
namespace {

namespace fs = std::filesystem;

bool belongs(const fs::path& name) {
  for (const auto& part : name) {
    if (part == "partners" || part == "cases" || part == "golden") return false;
  }
  const bool table = name.parent_path().filename() == "tables";
  if (name.extension() == ".csv") return table;
  if (name.extension() == ".json") return table;
  return name.extension() == ".yaml";
}

std::string contents(const fs::path& file) {
  auto text = read_file(file.string());
  return text ? *std::move(text) : std::string();
}

class LibraryLoader {
 public:
  LibraryLoader(const std::vector<MapFile>& files, const fhir::TypeModel* model)
      : files_(files), model_(model) {}

  LoadedLibrary load() {
    std::string bytes;
    for (const auto& file : files_) {
      parts_.files.push_back(file.name);
      bytes += file.name + '\0' + std::to_string(file.text.size()) + '\0' +
               file.text;
    }
    library_.hash = security::sha256_hex(bytes);
    for (const auto& file : files_) read(file);
    for (const auto& setting : library_.settings) {
      parts_.settings.push_back(setting.name);
    }
    for (const auto& yaml : map_files_) compile(yaml);
    return finish();
  }

 private:
  void read(const MapFile& file) {
    if (file.name.ends_with(".csv")) {
      add_table(file, CodeTable::from_csv(file.text, file.name));
    } else if (file.name.ends_with(".json")) {
      add_concept_map(file);
    } else {
      read_yaml(file);
    }
  }

  void add_concept_map(const MapFile& file) {
    const auto document = parse_shared(file.text);
    if (!document) {
      problem(LintRule::syntax, file.name + ":1:1", document.error().message);
      return;
    }
    add_table(file,
              CodeTable::from_concept_map((*document)->root(), file.name));
  }

  void add_table(const MapFile& file, Result<CodeTable> table) {
    if (!table) {
      const auto& message = table.error().message;
      const auto text = message.find(": ");
      problem(LintRule::syntax, message.substr(0, text),
              message.substr(text + 2));
      // Maps that use it are not wrong for that.
      table = CodeTable::from_csv("from,to\n*,\n", file.name);
      if (!table) return;
    }
    const auto name = fs::path(file.name).stem().string();
    const auto index = static_cast<std::uint32_t>(parts_.rows.size());
    if (!parts_.tables.emplace(name, index).second) {
      problem(LintRule::duplicate, file.name + ":1:1",
              "two tables are called \"" + name + "\"");
      return;
    }
    parts_.rows.push_back(*std::move(table));
  }

  void read_yaml(const MapFile& file) {
    const auto yaml = Yaml::parse(file.text, file.name);
    if (!yaml) {
      const auto& message = yaml.error().message;
      const auto text = message.find(": ");
      problem(LintRule::syntax, message.substr(0, text),
              message.substr(text + 2));
      return;
    }
    if (yaml->get("map").exists()) {
      map_files_.push_back(*yaml);
      return;
    }
    for (const auto& [key, value] : yaml->members()) {
      if (key.scalar() == "parts") {
        add_all(value, parts_.parts, "part");
      } else if (key.scalar() == "choices") {
        add_all(value, parts_.choices, "choice");
      } else if (key.scalar() == "settings") {
        add_settings(value);
      } else if (key.scalar() != "note") {
        problem(LintRule::unknown_key, key.place(),
                "a file has a map, or parts, choices and settings; not \"" +
                    key.scalar() + "\"");
      }
    }
  }

  void add_all(const Yaml& node, std::map<std::string, Yaml, std::less<>>& into,
               const std::string& what) {
    for (const auto& [key, value] : node.members()) {
      if (!has_name(key, what)) continue;
      if (!into.emplace(key.scalar(), value).second) {
        problem(LintRule::duplicate, key.place(),
                "there is another " + what + " \"" + key.scalar() + "\"");
      }
    }
  }

  bool has_name(const Yaml& key, const std::string& what) {
    if (!key.scalar().empty()) return true;
    problem(LintRule::incomplete, key.place(),
            "a " + what + " needs a name before the \":\"");
    return false;
  }

  void add_settings(const Yaml& node) {
    for (const auto& [key, value] : node.members()) {
      if (!has_name(key, "setting")) continue;
      if (value.kind() == Yaml::Kind::sequence) {
        add_words(key, value);
        continue;
      }
      library_.settings.push_back({key.scalar(), value.scalar()});
      parts_.setting_values.emplace(key.scalar(), value);
    }
  }

  // One of several words, of which the first is in force.
  void add_words(const Yaml& key, const Yaml& list) {
    Setting setting{key.scalar(), {}, {}};
    for (const auto& word : list.items()) {
      if (word.kind() != Yaml::Kind::scalar || word.scalar().empty()) {
        problem(LintRule::shape, word.place(), "a word of a setting is a text");
        return;
      }
      setting.words.push_back(word.scalar());
    }
    if (setting.words.empty()) {
      return problem(LintRule::incomplete, list.place(),
                     "a setting of no words says nothing");
    }
    setting.value = setting.words.front();
    parts_.setting_values.emplace(key.scalar(), list.items().front());
    library_.settings.push_back(std::move(setting));
  }

  void compile(const Yaml& yaml) {
    auto made = compile_map(yaml, parts_, model_, problems_);
    const auto index = static_cast<std::uint32_t>(library_.maps.size());
    if (library_.find(made.map.name) != nullptr) {
      problem(LintRule::duplicate, yaml.place(),
              "two maps are called \"" + made.map.name + "\"");
    }
    for (const auto& event : made.map.events) {
      const auto* other = always(event);
      if (other == nullptr || made.map.when.exists()) continue;
      problem(LintRule::duplicate, yaml.place(),
              "\"" + other->name + "\" maps " + event +
                  " too: one of them must say when");
    }
    if (made.map.document != nullptr) complete_outward(yaml, made.map);
    for (auto& site : made.choice_sites) {
      library_.choice_sites.push_back({index, std::move(site)});
    }
    for (auto& use : made.table_uses) {
      note_use(std::move(use), library_.table_uses);
    }
    for (auto& use : made.setting_uses) {
      library_.setting_uses.push_back(std::move(use));
    }
    library_.maps.push_back(std::move(made.map));
  }

  // The map that takes every message of an event.
  [[nodiscard]] const CheckedMap* always(std::string_view event) const {
    for (const auto& map : library_.maps) {
      if (map.is_for(event) && !map.when.exists()) return &map;
    }
    return nullptr;
  }

  void complete_outward(const Yaml& yaml, CheckedMap& map) {
    const auto* other = library_.for_document(*map.document);
    if (other != nullptr) {
      problem(LintRule::duplicate, yaml.place(),
              "\"" + other->name + "\" is a map of a " + map.source + " too");
    }
    map.hash = hash_of(map);
    if (problems_.empty()) map.program = OutwardProgram::compile(map);
  }

  // Of the map's file, and of all that it may use: parts, settings, tables.
  std::string hash_of(const CheckedMap& map) const {
    std::string bytes;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      const auto& file = files_[i];
      const bool own = i == map.place.file;
      const bool another = std::any_of(
          map_files_.begin(), map_files_.end(), [&file](const Yaml& yaml) {
            return yaml.place().starts_with(file.name + ":");
          });
      if (own || !another) bytes += file.text + '\0';
    }
    constexpr std::size_t kEnough = 16;
    return security::sha256_hex(bytes).substr(0, kEnough);
  }

  LoadedLibrary finish() {
    std::sort(library_.settings.begin(), library_.settings.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    library_.files = std::move(parts_.files);
    for (const auto& [name, value] : parts_.setting_values) {
      library_.said_settings.push_back(said_line(name, value));
    }
    for (const auto& [name, value] : parts_.choices) {
      library_.said_choices.push_back(said_line(name, value));
    }
    library_.tables = std::move(parts_.rows);
    library_.table_by_name = std::move(parts_.tables);
    drop_repeated();
    const bool good =
        std::all_of(problems_.begin(), problems_.end(),
                    [](const MapProblem& problem) { return problem.warning; });
    if (!good) return {nullptr, std::move(problems_)};
    auto shared = std::make_shared<MapLibrary>(std::move(library_));
    shared->plain = std::make_shared<Overlay>(plain_overlay(*shared));
    return {std::move(shared), std::move(problems_)};
  }

  // A part that several maps use is wrong in each of them, wherever it stands
  // in their resources.
  void drop_repeated() {
    std::set<std::string> told;
    std::vector<MapProblem> once;
    for (auto& problem : problems_) {
      auto said = problem.place + " " + without_paths(problem.text);
      if (told.insert(std::move(said)).second) {
        once.push_back(std::move(problem));
      }
    }
    problems_ = std::move(once);
  }

  // "Patient.name.use is" as "use is".
  static std::string without_paths(const std::string& text) {
    std::string short_text;
    for (const auto word : split(text, ' ')) {
      const auto dot = word.find_last_of('.');
      const bool path = !word.empty() && word[0] >= 'A' && word[0] <= 'Z' &&
                        dot != std::string_view::npos && dot + 1 < word.size();
      short_text += path ? word.substr(dot + 1) : word;
      short_text += ' ';
    }
    return short_text;
  }

  void problem(LintRule rule, std::string place, std::string text) {
    problems_.push_back({rule, std::move(place), std::move(text)});
  }

  const std::vector<MapFile>& files_;
  const fhir::TypeModel* model_;
  LibraryParts parts_;
  std::vector<Yaml> map_files_;
  std::vector<MapProblem> problems_;
  MapLibrary library_;
};

}  // namespace

const CheckedMap* MapLibrary::find(std::string_view name) const {
  const auto it =
      std::find_if(maps.begin(), maps.end(),
                   [name](const CheckedMap& map) { return map.name == name; });
  return it == maps.end() ? nullptr : &*it;
}

const CheckedMap* MapLibrary::for_event(std::string_view event) const {
  const auto it = std::find_if(
      maps.begin(), maps.end(),
      [event](const CheckedMap& map) { return map.is_for(event); });
  return it == maps.end() ? nullptr : &*it;
}

const CheckedMap* MapLibrary::for_message(std::string_view event, Json message,
                                          const Overlay& overlay) const {
  const std::vector<Json> scopes{message};
  const CheckedMap* otherwise = nullptr;
  for (const auto& map : maps) {
    if (!map.is_for(event)) continue;
    if (!map.when.exists()) {
      if (otherwise == nullptr) otherwise = &map;
      continue;
    }
    const auto held = map.when.holds({scopes, overlay.settings, nullptr});
    if (held && *held) return &map;
  }
  return otherwise;
}

bool CheckedMap::is_for(std::string_view event) const {
  return std::find(events.begin(), events.end(), event) != events.end();
}

const CheckedMap* MapLibrary::for_document(const DocumentType& type) const {
  const auto it = std::find_if(
      maps.begin(), maps.end(),
      [&type](const CheckedMap& map) { return map.document == &type; });
  return it == maps.end() ? nullptr : &*it;
}

std::string MapLibrary::text_of(MapPlace place) const {
  if (place.file >= files.size()) return {};
  return files[place.file] + ":" + std::to_string(place.line);
}

std::string MapLibrary::exact_text_of(MapPlace place) const {
  return text_of(place) + ":" + std::to_string(place.column);
}

std::string_view MapLibrary::table_name(std::uint32_t table) const {
  for (const auto& [name, index] : table_by_name) {
    if (index == table) return name;
  }
  return {};
}

SaidLine said_line(const std::string& name, const Yaml& value) {
  const auto place = value.place();
  return {name, value.scalar(), place.substr(0, place.rfind(':'))};
}

Result<std::vector<MapFile>> read_map_folder(const std::string& folder) {
  std::error_code failed;
  std::vector<MapFile> files;
  for (auto it = fs::recursive_directory_iterator(folder, failed);
       !failed && it != fs::recursive_directory_iterator();
       it.increment(failed)) {
    const auto name = fs::relative(it->path(), folder, failed);
    if (failed || !it->is_regular_file(failed) || !belongs(name)) continue;
    files.push_back({name.generic_string(), contents(it->path())});
  }
  if (failed) {
    return Error{ErrorCode::not_found,
                 "Maps cannot be read from " + folder + "."};
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

LoadedLibrary load_library(const std::vector<MapFile>& files,
                           const fhir::TypeModel* model) {
  return LibraryLoader(files, model).load();
}

}  // namespace gateway::map
