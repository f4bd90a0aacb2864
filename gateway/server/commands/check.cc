// `workgate check`: whether this configuration could be run as it stands.

#include <iostream>
#include <optional>

#include "base/json_writer.h"
#include "fhir/definitions.h"
#include "fhir/type_model.h"
#include "fhirpath/expression.h"
#include "map/map_set.h"
#include "program/guide.h"
#include "server/commands/command.h"
#include "server/edition.h"
#include "server/places.h"
#include "server/server.h"
#include "server/settings.h"
#include "server/site_reader.h"
#include "validate/intake.h"
#include "validate/waivers.h"

namespace gateway::server {
namespace {

struct Checked {
  std::vector<std::string> problems;  // "file:line:column: what"
  std::size_t packs = 0;
  std::size_t maps = 0;
  std::size_t partners = 0;
  std::size_t waivers = 0;
};

// Without an image, what requirements say of resources is not checked.
void check_packs(const Settings& settings, const std::string& image,
                 Checked& checked) {
  auto site = read_site(settings.root);
  if (!site) return checked.problems.push_back(site.error().message);
  const auto definitions = fhir::Definitions::open(image);
  std::optional<fhir::TypeModel> model;
  if (definitions) model.emplace(**definitions);
  const auto programs =
      read_programs(settings.file, *site, model ? &*model : nullptr);
  if (!programs) return checked.problems.push_back(programs.error().message);
  checked.packs = programs->packs().size();
}

void check_maps(const Settings& settings, const std::string& image,
                Checked& checked) {
  const auto definitions = fhir::Definitions::open(image);
  if (!definitions) {
    return checked.problems.push_back(definitions.error().message);
  }
  const fhir::TypeModel model(**definitions);
  const auto loaded = map::load_maps(settings.maps, &model);
  if (!loaded) return checked.problems.push_back(loaded.error().message);
  if (loaded->set == nullptr) {
    return checked.problems.push_back(map::text_of(loaded->problems));
  }
  const auto strangers =
      map::unknown_partners(*loaded->set, partner_names(settings));
  for (const auto& problem : strangers) {
    checked.problems.push_back(problem.place + ": " + problem.text);
  }
  checked.maps = loaded->set->library->maps.size();
}

// What is past its day, and what no resource can ever need: its path leads to
// nothing in the definitions.
void check_waivers(const Settings& settings, const std::string& image,
                   Checked& checked) {
  if (settings.waivers.empty()) return;
  const auto waivers = validate::Waivers::read(settings.waivers);
  if (!waivers) return checked.problems.push_back(waivers.error().message);
  checked.waivers = waivers->size();
  const auto today = validate::utc_day(system_now());
  for (const auto* waiver : waivers->expired(today)) {
    checked.problems.push_back(waiver->place + ": the waiver expired on " +
                               waiver->expires.text());
  }
  const auto definitions = fhir::Definitions::open(image);
  if (!definitions) return;  // told by the maps
  const fhir::TypeModel model(**definitions);
  for (std::size_t i = 0; i < waivers->size(); ++i) {
    const auto& waiver = (*waivers)[i];
    const auto type = waiver.path.substr(0, waiver.path.find('.'));
    if (!fhirpath::compile(waiver.path, {.model = &model, .context = type})) {
      checked.problems.push_back(waiver.place + ": no resource has the path " +
                                 waiver.path + ", so nothing needs the waiver");
    }
  }
}

int print(const Checked& checked, bool as_json) {
  if (as_json) {
    JsonWriter out;
    out.begin_object().key("problems").begin_array();
    for (const auto& problem : checked.problems) out.string(problem);
    out.end_array();
    out.key("partners").integer(static_cast<long long>(checked.partners));
    out.key("packs").integer(static_cast<long long>(checked.packs));
    out.key("maps").integer(static_cast<long long>(checked.maps));
    out.key("waivers").integer(static_cast<long long>(checked.waivers));
    std::cout << out.end_object().take() << "\n";
  } else {
    for (const auto& problem : checked.problems) std::cerr << problem << "\n";
    std::cout << checked.partners << " partners, " << checked.packs
              << " packs, " << checked.maps << " maps: "
              << (checked.problems.empty() ? "nothing to correct"
                                           : "see the problems above")
              << "\n";
  }
  return checked.problems.empty() ? kDone : kNo;
}

std::string matrix_json(const program::Programs& programs,
                        const std::vector<std::string>& missing) {
  JsonWriter out;
  out.begin_object().key("rows").begin_array();
  for (const auto& row : program::matrix(programs)) {
    out.begin_object();
    out.key("row").string(row.row);
    out.key("pack").string(row.pack);
    out.key("severity").string(program::code(row.weight));
    out.key("kind").string(program::code(row.kind));
    out.key("test").string(row.test);
    out.end_object();
  }
  out.end_array().key("missing").begin_array();
  for (const auto& row : missing) out.string(row);
  return out.end_array().end_object().take();
}

// Every row of the sources, and whether a pack has it.
int print_matrix(const Arguments& arguments) {
  const auto broken = [&arguments](const Error& error) {
    return fail(form_of(arguments), "check", error.message, kBroken);
  };
  const auto settings = read_settings(configuration_path(arguments));
  if (!settings) return broken(settings.error());
  const auto site = read_site(settings->root);
  if (!site) return broken(site.error());
  const auto programs = read_programs(settings->file, *site);
  if (!programs) return broken(programs.error());
  const auto missing = program::missing_rows(*programs);
  if (arguments.has("json")) {
    std::cout << matrix_json(*programs, missing) << "\n";
    return missing.empty() ? kDone : kNo;
  }
  std::cout << program::matrix_text(*programs);
  for (const auto& row : missing) {
    std::cerr << "no pack has the row " << row << "\n";
  }
  return missing.empty() ? kDone : kNo;
}

int run(const Arguments& arguments) {
  if (arguments.has("matrix")) return print_matrix(arguments);
  Checked checked;
  const auto settings = read_settings(configuration_path(arguments));
  if (settings) {
    checked.partners = settings->partners.size();
    const auto image = image_path(arguments, settings->image);
    check_packs(*settings, image, checked);
    check_maps(*settings, image, checked);
    check_waivers(*settings, image, checked);
  } else {
    checked.problems.push_back(settings.error().message);
  }
  return print(checked, arguments.has("json"));
}

}  // namespace

Command check_command() {
  return {.name = "check",
          .usage = {.synopsis = "workgate check [options]",
                    .purpose = "Checks the configuration, packs and maps.",
                    .options = {{"config", "FILE",
                                 "configuration (config/gateway.yaml)"},
                                {"image", "FILE", "definitions image"},
                                {"matrix", "",
                                 "print every requirement and its test"},
                                {"json", "", "print JSON"}}},
          .run = run};
}

}  // namespace gateway::server
