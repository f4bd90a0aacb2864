// `workgate guide`: what a partner must send, written from the packs alone.

#include "program/guide.h"

#include <iostream>

#include "server/commands/command.h"
#include "server/places.h"
#include "server/settings.h"
#include "server/site_reader.h"

namespace gateway::server {
namespace {

int run(const Arguments& arguments) {
  const auto settings = read_settings(configuration_path(arguments));
  if (!settings) return complain("guide", settings.error().message, kBroken);
  const auto site = read_site(settings->root);
  if (!site) return complain("guide", site.error().message, kBroken);
  const auto programs = read_programs(settings->file, *site);
  if (!programs) return complain("guide", programs.error().message, kBroken);
  std::cout << program::guide_markdown(*programs);
  return kDone;
}

}  // namespace

Command guide_command() {
  return {.name = "guide",
          .usage = {.synopsis = "workgate guide [--config FILE]",
                    .purpose = "Writes the partner guide as Markdown.",
                    .options = {{"config", "FILE",
                                 "configuration (config/gateway.yaml)"}}},
          .run = run};
}

}  // namespace gateway::server
