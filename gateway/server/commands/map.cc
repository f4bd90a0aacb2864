// `workgate map`: the tools of those who write maps.

#include <map>
#include <string>

#include "fhir/definitions.h"
#include "server/commands/command.h"
#include "server/commands/map_tool.h"
#include "server/places.h"

namespace gateway::server {
namespace {

const Usage& usage() {
  static const Usage kUsageText{
      "workgate map run|lint|test|trace|coverage|fmt|diff ...",
      "Runs, checks and explains maps.",
      {{"maps", "DIR", "the folder of maps (default: ./mappings)"},
       {"image", "FILE", "the definitions image (default: beside the binary)"},
       {"partner", "NAME",
        "run and trace: map as for this partner; coverage and diff: whose "
        "--messages are"},
       {"explain", "", "run: print the lineage, not the result"},
       {"why-not", "", "trace: why PATH was not written"},
       {"update", "", "test: write what comes now as what is expected"},
       {"messages", "DIR",
        "coverage and diff: these messages, and the documents among the "
        "cases"},
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
    return fail(arguments, "see workgate map --help", kUsage);
  }
  const auto definitions = fhir::Definitions::open(image_path(arguments, {}));
  if (!definitions.ok()) {
    return fail(arguments, definitions.error().message, kBroken);
  }
  const fhir::TypeModel model(**definitions);
  return tool->second.run({arguments, model});
}

}  // namespace

Command map_command() { return {.name = "map", .usage = usage(), .run = run}; }

}  // namespace gateway::server
