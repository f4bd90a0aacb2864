// `workgate map coverage`: what of the maps no message needs, and what of the
// messages no map reads.

#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "map/map_coverage.h"
#include "server/commands/command.h"
#include "server/commands/map_tool.h"

namespace gateway::server {
namespace {

// What map coverage found.
struct Covered {
  explicit Covered(const map::MapLibrary& library)
      : inward(library, map::MapSide::inward),
        outward(library, map::MapSide::outward) {}

  void add(const map::MapSet& set, const map::MapCase& one) {
    const auto ready = map::mappable(set, one);
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

}  // namespace

int cover_maps(const Tool& tool) {
  const auto folder = tool.folder();
  const auto loaded = load(tool, folder);
  if (loaded.set == nullptr) return fail(tool, loaded);
  const auto& set = loaded.set;
  const auto partner = tool.arguments.get("partner");
  if (!knows_partner(*set, partner)) return fail_for_partner(tool, partner);
  const auto inputs = inputs_of(tool, folder, {set.get()});
  if (inputs.code != 0) return fail(tool, inputs.failure, inputs.code);
  Covered covered(*set->library);
  for (const auto& one : inputs.cases) covered.add(*set, one);
  print_coverage(covered, tool.json());
  return kDone;
}

}  // namespace gateway::server
