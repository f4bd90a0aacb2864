// `workgate map`: the tools of those who write maps.

#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "fhir/definitions.h"
#include "fhir/type_model.h"
#include "map/map_coverage.h"
#include "map/map_diff.h"
#include "map/map_format.h"
#include "map/map_layout.h"
#include "map/map_trace.h"
#include "server/commands/command.h"
#include "server/commands/map_changes.h"
#include "server/commands/map_effects.h"
#include "server/commands/map_files.h"
#include "server/places.h"
#include "server/settings.h"
#include "server/site_reader.h"

namespace gateway::server {
namespace {

using map::MapSet;
using map::SharedMapSet;

const Usage& usage() {
  static const Usage kUsageText{
      "workgate map run|lint|test|trace|coverage|fmt|diff ...",
      "Runs, checks and explains maps.",
      {{"maps", "DIR", "the folder of maps (default: ./mappings)"},
       {"image", "FILE", "the definitions image (default: beside the binary)"},
       {"partner", "NAME", "map as for this partner"},
       {"explain", "", "run: print the lineage, not the result"},
       {"why-not", "", "trace: why PATH was not written"},
       {"update", "", "test: write what comes now as what is expected"},
       {"messages", "DIR", "coverage and diff: these messages, not the cases"},
       {"config", "FILE", "diff: whose packs bill (config/gateway.yaml)"},
       {"check", "", "fmt: change nothing, exit 1 if something would change"},
       {"json", "", "print JSON"},
       {"sarif", "", "lint: print SARIF"}},
      "  map run MAP FILE             MAP is a name, or auto: by the message\n"
      "  map lint [DIR]\n"
      "  map test [DIR]               golden cases beside the maps\n"
      "  map trace MAP FILE [PATH]    PATH as Patient.name\n"
      "  map coverage [DIR]           rules and rows never used, fields never "
      "read\n"
      "  map fmt [DIR]\n"
      "  map diff OLD NEW             two folders, on the same messages\n"};
  return kUsageText;
}

std::string no_map_in(const std::string& folder) {
  return "there is no map in " + folder +
         ": a map is a .yaml file that says map, source and emit";
}

// What every tool needs: its words, and the maps of a folder.
struct Tool {
  const Arguments& arguments;
  const fhir::TypeModel& model;

  [[nodiscard]] std::string word(std::size_t index) const {
    const auto& rest = arguments.rest();
    return index < rest.size() ? rest[index] : std::string();
  }
  [[nodiscard]] std::string folder() const {
    return maps_folder(arguments.get("maps", word(1)));
  }
  [[nodiscard]] bool json() const { return arguments.has("json"); }
};

// Without a set the problems are printed, and the tool ends with the code.
struct Loaded {
  int code = kDone;
  SharedMapSet set{};
};

Loaded load(const Tool& tool, const std::string& folder) {
  const auto loaded = map::load_maps(folder, &tool.model);
  if (!loaded.ok()) return {complain("map", loaded.error().message, kBroken)};
  std::cerr << map::text_of(loaded->problems);
  if (loaded->set == nullptr) return {kNo};
  if (loaded->set->library->maps.empty()) {
    return {complain("map", no_map_in(folder), kNo)};
  }
  return {kDone, loaded->set};
}

// A misspelt name would switch all of it off.
bool knows_partner(const MapSet& set, const std::string& partner) {
  return partner.empty() || set.partners.contains(partner);
}

struct Ran {
  SharedMapSet set;
  map::Mappable ready;
  map::MapOutput output;
};

// Runs MAP on FILE, the second and third word; an exit code otherwise.
std::pair<int, Ran> run_file(const Tool& tool) {
  Ran ran;
  const auto loaded = load(tool, maps_folder(tool.arguments.get("maps")));
  if (loaded.set == nullptr) return {loaded.code, {}};
  ran.set = loaded.set;
  const auto partner = tool.arguments.get("partner");
  if (!knows_partner(*ran.set, partner)) {
    return {complain("map", "no file in partners/ is for " + partner, kUsage),
            {}};
  }
  const auto file = tool.word(2);
  const auto input = file_text(file);
  if (!input) return {complain("map", "cannot read " + file, kBroken), {}};
  auto ready =
      map::mappable(*ran.set, *input, !file.ends_with(".json"), tool.word(1));
  if (!ready.ok()) return {complain("map", ready.error().message, kNo), {}};
  ran.ready = *std::move(ready);
  ran.output =
      map::run(*ran.set->library, *ran.ready.map, ran.ready.source->root(),
               {.overlay = &ran.set->overlay(partner), .explain = true});
  return {kDone, std::move(ran)};
}

void print_lines(const std::vector<map::TraceLine>& lines, bool json) {
  JsonWriter out;
  out.begin_array();
  for (const auto& line : lines) {
    if (!json) {
      std::cout << line.result << " = " << line.value << "\n    "
                << (line.source.empty() ? "(text of the map)" : line.source);
      if (!line.source.empty()) {
        std::cout << " bytes " << line.bytes.begin << "-" << line.bytes.end;
      }
      std::cout << ", " << line.rule << "\n";
    }
    out.begin_object()
        .member("result", line.result)
        .key("value")
        .raw(line.value)
        .member_if("source", line.source);
    out.key("span").begin_array().integer(line.bytes.begin);
    out.integer(line.bytes.end).end_array();
    out.member("rule", line.rule).end_object();
  }
  out.end_array();
  if (json) std::cout << out.text() << '\n';
}

int run_map(const Tool& tool) {
  const auto [code, ran] = run_file(tool);
  if (code != kDone) return code;
  if (tool.json() && !tool.arguments.has("explain")) {
    std::cout << map::expectation(ran.output);
    return ran.output.verdict == map::Verdict::mapped ? kDone : kNo;
  }
  for (const auto& finding : ran.output.outcome.findings()) {
    std::cerr << finding.rule << " " << finding.expression << ": "
              << fhir::sentence(finding) << '\n';
  }
  if (tool.arguments.has("explain")) {
    print_lines(
        map::trace(*ran.set->library, ran.output, ran.ready.source->root()),
        tool.json());
  } else if (ran.output.verdict == map::Verdict::mapped) {
    const auto bundle = JsonDocument::parse(ran.output.bundle);
    if (bundle.ok()) std::cout << map::indented(bundle->root());
  }
  return ran.output.verdict == map::Verdict::mapped ? kDone : kNo;
}

void print_silences(const std::vector<map::SilentLine>& lines, bool json) {
  JsonWriter out;
  out.begin_array();
  for (const auto& line : lines) {
    if (!json) {
      std::cout << line.path << ": " << line.text;
      if (!line.rule.empty()) std::cout << " (" << line.rule << ")";
      std::cout << '\n';
    }
    out.begin_object()
        .member("path", line.path)
        .member("text", line.text)
        .member("rule", line.rule)
        .end_object();
  }
  if (json) std::cout << out.end_array().take() << '\n';
}

int trace_map(const Tool& tool) {
  const auto [code, ran] = run_file(tool);
  if (code != kDone) return code;
  const auto path = tool.word(3);
  if (tool.arguments.has("why-not")) {
    const auto lines = map::why_not(*ran.set->library, *ran.ready.map,
                                    ran.output, ran.ready.source->root(), path);
    print_silences(lines, tool.json());
    return kDone;
  }
  const auto lines =
      map::trace(*ran.set->library, ran.output, ran.ready.source->root(), path);
  print_lines(lines, tool.json());
  return lines.empty() ? kNo : kDone;
}

int lint_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto loaded = map::load_maps(folder, &tool.model);
  if (!loaded.ok()) {
    return complain("map", loaded.error().message, kBroken);
  }
  auto problems = loaded->problems;
  const bool none =
      loaded->set != nullptr && loaded->set->library->maps.empty();
  if (none) problems.push_back({".", no_map_in(folder), false});
  if (tool.arguments.has("sarif")) {
    std::cout << map::problems_sarif(problems, folder) << '\n';
  } else if (tool.json()) {
    std::cout << map::problems_json(problems) << '\n';
  } else {
    std::cout << map::text_of(problems);
    if (problems.empty()) {
      std::cout << loaded->set->library->maps.size() << " maps, "
                << loaded->set->partners.size() << " partners: no problems\n";
    }
  }
  return loaded->set == nullptr || none ? kNo : kDone;
}

int test_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto [code, set] = load(tool, folder);
  if (set == nullptr) return code;
  const auto cases = map::read_cases(folder);
  if (!cases.ok()) return complain("map", cases.error().message, kBroken);
  std::size_t failed = 0;
  JsonWriter out;
  out.begin_object().key("cases").begin_array();
  for (const auto& one : *cases) {
    const auto result =
        knows_partner(*set, one.partner)
            ? map::check(*set, one)
            : Error{ErrorCode::invalid,
                    "no file in partners/ is for " + one.partner};
    const bool held = result.ok() && result->difference.empty();
    const bool update =
        result.ok() && !held && tool.arguments.has("update") &&
        write_text(folder + "/" + one.name + ".expect.json", result->seen);
    if (!held && !update) ++failed;
    const std::string state = held ? "holds" : update ? "updated" : "FAILED";
    const auto why = !result.ok() ? ": " + result.error().message
                     : held       ? std::string()
                                  : ", " + result->difference;
    if (!held && !tool.json()) {
      std::cout << state << " " << one.name << why << '\n';
    }
    out.begin_object().member("name", one.name).member("state", state);
    out.member_if("difference", std::string_view(why).substr(
                                    std::min<std::size_t>(why.size(), 2)));
    out.end_object();
  }
  out.end_array().key("failed").integer(static_cast<long long>(failed));
  if (tool.json()) {
    std::cout << out.end_object().take() << '\n';
  } else {
    std::cout << cases->size() - failed << " of " << cases->size()
              << " cases hold\n";
  }
  return failed == 0 ? kDone : kNo;
}

// The cases of a folder, or the messages of --messages.
std::vector<map::MapCase> messages_of(const Tool& tool,
                                      const std::string& folder) {
  if (const auto other = tool.arguments.get("messages"); !other.empty()) {
    return messages_in(other);
  }
  const auto cases = map::read_cases(folder);
  return cases.ok() ? *cases : std::vector<map::MapCase>();
}

// A folder without messages is a slip: nothing could be said of nothing.
bool lacks_messages(const Tool& tool, const std::vector<map::MapCase>& found) {
  const auto folder = tool.arguments.get("messages");
  if (folder.empty() || !found.empty()) return false;
  complain("map", folder + ": there are no messages (*.hl7) here", kBroken);
  return true;
}

// What map coverage found.
struct Covered {
  explicit Covered(const map::MapLibrary& library)
      : inward(library, map::MapSide::inward),
        outward(library, map::MapSide::outward) {}

  void add(const MapSet& set, const map::MapCase& one) {
    const auto ready =
        map::mappable(set, one.input, one.is_hl7, map::map_of(set, one));
    if (!ready.ok()) {
      unmapped.emplace_back(one.name, ready.error().message);
      return;
    }
    const bool message = map::side_of(*ready->map) == map::MapSide::inward;
    (message ? inward : outward)
        .add(*ready->map, ready->source->root(),
             map::run(*set.library, *ready->map, ready->source->root(),
                      {.overlay = &set.overlay(one.partner), .explain = true}));
  }

  map::MapCoverage inward;
  map::MapCoverage outward;
  std::vector<std::pair<std::string, std::string>> unmapped;  // name, why
};

// The members of one side, and the same as lines.
void print_side(const map::MapCoverage& coverage, bool json, JsonWriter& out) {
  const auto lines = [&](const char* key, const char* what, const auto& all) {
    out.key(key).begin_array();
    for (const auto& line : all) {
      if (!json) {
        std::cout << what << line.place << "  " << line.text << '\n';
      }
      out.begin_object().member("place", line.place);
      out.member("text", line.text).end_object();
    }
    out.end_array();
  };
  const auto never = coverage.rules_never_fired();
  const auto rows = coverage.rows_never_used();
  if (!json) {
    std::cout << coverage.rules() - never.size() << " of " << coverage.rules()
              << " rules fired; " << rows.size() << " rows never used\n";
  }
  out.key("rules").integer(static_cast<long long>(coverage.rules()));
  lines("neverFired", "never fired  ", never);
  lines("neverUsed", "never used   ", rows);
  out.key("neverRead").begin_array();
  for (const auto& one : coverage.unread()) {
    if (!json) {
      std::cout << "never read   " << one.path << "  in " << one.times << " of "
                << coverage.messages() << '\n';
    }
    out.begin_object().member("path", one.path);
    out.key("messages").integer(static_cast<long long>(one.times));
    out.end_object();
  }
  out.end_array();
}

void print_coverage(const Covered& covered, bool json) {
  JsonWriter out;
  const auto count = [](const map::MapCoverage& coverage) {
    return static_cast<long long>(coverage.messages());
  };
  if (!json) {
    std::cout << count(covered.inward) << " messages mapped, "
              << covered.unmapped.size() << " have no map; ";
  }
  out.begin_object().key("messages").integer(count(covered.inward));
  print_side(covered.inward, json, out);
  out.key("unmapped").begin_array();
  for (const auto& [name, why] : covered.unmapped) {
    if (!json) std::cout << "no map       " << name << ": " << why << '\n';
    out.begin_object().member("message", name).member("text", why);
    out.end_object();
  }
  out.end_array();
  if (covered.outward.rules() > 0) {
    if (!json) {
      std::cout << "outward maps, which no message reaches: "
                << count(covered.outward) << " golden cases; ";
    }
    out.key("outward").begin_object();
    out.key("cases").integer(count(covered.outward));
    print_side(covered.outward, json, out);
    out.end_object();
  }
  out.end_object();
  if (json) std::cout << out.text() << '\n';
}

int cover_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto [code, set] = load(tool, folder);
  if (set == nullptr) return code;
  Covered covered(*set->library);
  const auto messages = messages_of(tool, folder);
  if (lacks_messages(tool, messages)) return kBroken;
  for (const auto& one : messages) covered.add(*set, one);
  // Of outward maps nothing but their cases can say anything.
  if (!tool.arguments.get("messages").empty()) {
    const auto cases = map::read_cases(folder);
    if (!cases.ok()) return complain("map", cases.error().message, kBroken);
    for (const auto& one : *cases) {
      if (!one.is_hl7) covered.add(*set, one);
    }
  }
  print_coverage(covered, tool.json());
  return kDone;
}

int format_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto files = map::read_map_folder(folder);
  if (!files.ok()) return complain("map", files.error().message, kBroken);
  int exit_code = kDone;
  JsonWriter out;
  out.begin_array();
  for (const auto& file : *files) {
    if (!file.name.ends_with(".yaml")) continue;
    const auto path = folder + "/" + file.name;
    const auto text = map::laid_out(file.text, path);
    if (!text) {
      exit_code = complain("map", text.error().message, kBroken);
      continue;
    }
    if (*text == file.text) continue;
    if (!tool.arguments.has("check")) {
      if (!write_text(path, *text)) {
        exit_code = complain("map", path + ": cannot be written", kBroken);
        continue;
      }
    } else if (exit_code == kDone) {
      exit_code = kNo;
    }
    if (!tool.json()) std::cout << file.name << '\n';
    out.string(file.name);
  }
  out.end_array();
  if (tool.json()) std::cout << out.text() << '\n';
  return exit_code;
}

Result<program::Programs> programs_of(const Tool& tool) {
  const auto settings = read_settings(configuration_path(tool.arguments));
  if (!settings) return settings.error();
  const auto site = read_site(settings->root);
  if (!site) return site.error();
  return read_programs(settings->file, *site, &tool.model);
}

int compare_maps(const Tool& tool) {
  const auto [old_code, before] = load(tool, tool.word(1));
  const auto [code, after] = load(tool, tool.word(2));
  if (before == nullptr || after == nullptr) return std::max(old_code, code);
  const auto messages = messages_of(tool, tool.word(2));
  if (lacks_messages(tool, messages)) return kBroken;
  const auto changes = map::diff(*before, *after, messages);
  std::vector<MapEffect> billed;
  const auto programs = programs_of(tool);
  if (programs) {
    billed = effects(*before, *after, messages, *programs);
  } else {
    std::cerr << "workgate map: effects on what is billed are not shown: "
              << programs.error().message << '\n';
  }
  if (tool.json()) {
    std::cout << diff_json(changes, billed, messages.size()) << '\n';
  } else {
    print_diff(changes, billed, messages.size());
  }
  return changes.empty() && billed.empty() ? kDone : kNo;
}

int run(const Arguments& arguments) {
  struct Known {
    std::size_t least;
    std::size_t most;  // words, with the tool's own
    int (*run)(const Tool&);
  };
  static const std::map<std::string, Known> kTools{
      {"run", {3, 3, run_map}},         {"trace", {3, 4, trace_map}},
      {"lint", {1, 2, lint_maps}},      {"test", {1, 2, test_maps}},
      {"coverage", {1, 2, cover_maps}}, {"fmt", {1, 2, format_maps}},
      {"diff", {3, 3, compare_maps}}};
  const auto& words = arguments.rest();
  const auto tool = words.empty() ? kTools.end() : kTools.find(words[0]);
  if (tool == kTools.end() || words.size() < tool->second.least ||
      words.size() > tool->second.most) {
    return complain("map", "see workgate map --help", kUsage);
  }
  const auto definitions = fhir::Definitions::open(image_path(arguments, {}));
  if (!definitions.ok()) {
    return complain("map", definitions.error().message, kBroken);
  }
  const fhir::TypeModel model(**definitions);
  return tool->second.run({arguments, model});
}

}  // namespace

Command map_command() { return {.name = "map", .usage = usage(), .run = run}; }

}  // namespace gateway::server
