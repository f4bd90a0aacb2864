// `workgate map run` and `map trace`: one message, and what becomes of it.

#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "map/map_trace.h"
#include "server/commands/command.h"
#include "server/commands/map_files.h"
#include "server/commands/map_tool.h"

namespace gateway::server {
namespace {

struct Ran {
  map::SharedMapSet set;
  map::Mappable ready;
  map::MapOutput output;
};

// Runs MAP on FILE, the second and third word; an exit code otherwise.
std::pair<int, Ran> run_file(const Tool& tool) {
  Ran ran;
  const auto loaded = load(tool, maps_folder(tool.arguments.get("maps")));
  if (loaded.set == nullptr) return {fail(tool, loaded), {}};
  ran.set = loaded.set;
  const auto partner = tool.arguments.get("partner");
  if (!knows_partner(*ran.set, partner)) {
    return {fail_for_partner(tool, partner), {}};
  }
  const auto file = tool.word(2);
  const auto input = file_text(file);
  if (!input) return {fail(tool, "cannot read " + file, kBroken), {}};
  auto ready = map::mappable(*ran.set,
                             {.name = file,
                              .input = *input,
                              .is_hl7 = !file.ends_with(".json"),
                              .partner = partner},
                             tool.word(1));
  if (!ready.ok()) return {fail(tool, ready.error().message, kNo), {}};
  ran.ready = *std::move(ready);
  ran.output =
      map::run(*ran.set->library, *ran.ready.map, ran.ready.source->root(),
               {.overlay = &ran.set->overlay(partner), .explain = true});
  return {kDone, std::move(ran)};
}

void print_lines(const std::vector<map::TraceLine>& lines, bool json) {
  std::cout << (json ? map::json_of(lines) : map::text_of(lines));
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

void print_findings(const map::MapOutput& output) {
  for (const auto& finding : output.outcome.findings()) {
    std::cerr << finding.rule << " " << finding.expression << ": "
              << fhir::sentence(finding) << '\n';
  }
}

}  // namespace

int run_map(const Tool& tool) {
  const auto [code, ran] = run_file(tool);
  if (code != kDone) return code;
  if (tool.json() && !tool.arguments.has("explain")) {
    std::cout << map::expectation(ran.output);
    return ran.output.verdict == map::Verdict::mapped ? kDone : kNo;
  }
  print_findings(ran.output);
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

int trace_map(const Tool& tool) {
  const auto [code, ran] = run_file(tool);
  if (code != kDone) return code;
  // Of what was written before it was refused nothing is left.
  if (ran.output.verdict == map::Verdict::reject) {
    print_findings(ran.output);
    return fail(tool, "the message is refused, and nothing is made of it", kNo);
  }
  const auto path = tool.word(3);
  if (tool.arguments.has("why-not")) {
    const auto lines = map::why_not(*ran.set->library, *ran.ready.map,
                                    ran.output, ran.ready.source->root(), path);
    print_silences(lines, tool.json());
    return kDone;
  }
  const auto lines =
      map::trace(*ran.set->library, ran.output, ran.ready.source->root(), path);
  if (lines.empty()) {
    return fail(tool, "nothing is written there; --why-not says why", kNo);
  }
  print_lines(lines, tool.json());
  return kDone;
}

}  // namespace gateway::server
