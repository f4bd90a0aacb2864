// `workgate guide`: what a partner must send, written from the packs and
// profiles alone.

#include "program/guide.h"

#include <iostream>

#include "program/profile_guide.h"
#include "server/commands/command.h"
#include "server/places.h"
#include "server/settings.h"
#include "server/site_reader.h"

namespace gateway::server {
namespace {

int run(const Arguments& arguments) {
  if (arguments.has("facts")) {
    std::cout << program::reference_markdown();
    return kDone;
  }
  const auto settings = read_settings(configuration_path(arguments));
  if (!settings) return complain("guide", settings.error().message, kBroken);
  const auto site = read_site(settings->root);
  if (!site) return complain("guide", site.error().message, kBroken);
  const auto programs = read_programs(settings->file, *site);
  if (!programs) return complain("guide", programs.error().message, kBroken);
  const auto definitions =
      fhir::Definitions::open(image_path(arguments, settings->image));
  if (!definitions) {
    return complain("guide", definitions.error().message, kBroken);
  }
  std::cout << program::guide_markdown(*programs)
            << program::own_rules_markdown(**definitions, site->canonical_base)
            << program::profiles_markdown(**definitions, site->canonical_base);
  return kDone;
}

}  // namespace

Command guide_command() {
  return {
      .name = "guide",
      .usage = {.synopsis = "workgate guide [options]",
                .purpose = "Writes the partner guide as Markdown.",
                .options = {{"config", "FILE",
                             "configuration (config/gateway.yaml)"},
                            {"image", "FILE", "definitions image"},
                            {"facts", "",
                             "write the facts and knobs of packs instead"}}},
      .run = run};
}

}  // namespace gateway::server
