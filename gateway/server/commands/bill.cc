// `workgate bill`: what the gateway would make of a Bundle, without a store.

#include <iostream>
#include <iterator>
#include <memory>
#include <utility>

#include "base/file.h"
#include "billing/offline.h"
#include "fhir/type_model.h"
#include "map/map_set.h"
#include "server/commands/command.h"
#include "server/places.h"
#include "server/profile_holds.h"
#include "server/settings.h"
#include "server/site_reader.h"
#include "validate/intake.h"
#include "validate/validator.h"
#include "validate/waivers.h"

namespace gateway::server {
namespace {

// --policy takes the place of the program's pack; --set goes to that pack, or
// to the site's packs for every program.
std::string apply_policy(const Arguments& arguments, program::Site& site) {
  if (arguments.has("policy")) {
    for (auto& [program, packs] : site.policies) {
      packs = {arguments.get("policy")};
    }
    for (auto& payer : site.payers) payer.policies.clear();
  }
  for (const auto& setting : arguments.all("set")) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos) {
      return "--set " + setting + ": KNOB=VALUE is wanted";
    }
    const auto checked = program::check_override(setting.substr(0, equals),
                                                 setting.substr(equals + 1));
    if (!checked) return "--set " + setting + ": " + checked.error().message;
    for (const auto& [program, packs] : site.policies) {
      for (const auto& pack : packs) {
        site.overrides[pack][setting.substr(0, equals)] =
            setting.substr(equals + 1);
      }
    }
  }
  return {};
}

Result<program::Programs> programs_of(const Arguments& arguments,
                                      const Settings& settings,
                                      const fhir::TypeModel* model,
                                      std::string& misuse) {
  auto site = read_site(settings.root);
  if (!site) return site.error();
  auto chosen = *std::move(site);
  misuse = apply_policy(arguments, chosen);
  if (!misuse.empty()) return Error{ErrorCode::invalid, misuse};
  return read_programs(settings.file, chosen, model);
}

// Types of FHIR are checked by `check` and `serve`: no image is needed here.
Result<map::SharedMapSet> maps_of(const Settings& settings) {
  const auto loaded = map::load_maps(settings.maps, nullptr);
  if (!loaded) return loaded.error();
  if (loaded->set == nullptr) {
    return Error{ErrorCode::invalid, map::text_of(loaded->problems)};
  }
  return loaded->set;
}

Result<billing::OfflineOptions> options_of(const Arguments& arguments) {
  billing::OfflineOptions options{.explain = arguments.has("explain")};
  if (!arguments.has("as-of")) return options;
  options.as_of = parse_instant(arguments.get("as-of"));
  if (!options.as_of) {
    return Error{ErrorCode::invalid,
                 "--as-of: an instant such as 2026-04-10T18:00:00Z is wanted"};
  }
  return options;
}

// What our own profiles find in the Bundle holds here too, as it does in the
// running gateway. Without an image the bill says that it was not looked at.
class ProfileHolds {
 public:
  static Result<ProfileHolds> open(const Arguments& arguments,
                                   const Settings& settings) {
    const auto image = image_path(arguments, settings.image);
    auto definitions = fhir::Definitions::open(image);
    if (!definitions) {
      if (definitions.error().code != ErrorCode::not_found ||
          arguments.has("image")) {
        return definitions.error();
      }
      std::cerr << "workgate bill: no definitions image at " << image
                << ": profiles were not checked\n";
      return ProfileHolds();
    }
    auto waivers = settings.waivers.empty()
                       ? Result<validate::Waivers>(validate::Waivers())
                       : validate::Waivers::read(settings.waivers);
    if (!waivers) return waivers.error();
    ProfileHolds holds;
    holds.parts_ = std::make_unique<Parts>(
        *std::move(definitions), *std::move(waivers), settings.canonical_base);
    return holds;
  }

  [[nodiscard]] const KeyTable& keys() const {
    return parts_ ? parts_->validator.definitions().keys() : KeyTable::none();
  }

  // null without an image; no longer than this.
  [[nodiscard]] const fhir::TypeModel* model() const {
    return parts_ ? &parts_->model : nullptr;
  }

  // REQUIRES: outlives the use of the options.
  void into(billing::OfflineOptions& options) {
    if (!parts_) return;
    options.learn = [this](const std::string& key, Json resource, Instant now) {
      const auto found = parts_->intake.held(resource, now);
      for (const auto& finding : found.findings()) {
        if (finding.severity >= fhir::Severity::information) continue;
        defects_[key].push_back(finding);
      }
    };
    options.amend = [this](billing::Plan& plan) {
      hold_defects(defects_, plan);
    };
  }

 private:
  struct Parts {
    Parts(fhir::SharedDefinitions definitions, validate::Waivers waived,
          std::string base)
        : waivers(std::move(waived)),
          validator(std::move(definitions)),
          model(validator.definitions()),
          intake(validator, waivers, std::move(base)) {}

    validate::Waivers waivers;
    validate::Validator validator;
    fhir::TypeModel model;
    validate::Intake intake;
  };

  std::unique_ptr<Parts> parts_;  // null: there is no image
  Defects defects_;
};

int print(const billing::OfflineBill& bill) {
  std::cout << bill.bundle << "\n";
  for (const auto& proof : bill.proofs) std::cout << proof << "\n";
  return kDone;
}

int run(const Arguments& arguments) {
  const auto failed = [&arguments](const std::string& message, int code) {
    return fail(form_of(arguments), "bill", message, code);
  };
  if (arguments.rest().size() != 1) {
    return failed("name one file with a Bundle; see --help", kUsage);
  }
  auto text = read_file(arguments.rest()[0], FileKind::any);
  if (!text) return failed(text.error().message, kUsage);
  auto read = options_of(arguments);
  if (!read) return failed(read.error().message, kUsage);
  auto options = *std::move(read);
  const auto settings = read_settings(configuration_path(arguments));
  if (!settings) return failed(settings.error().message, kBroken);
  auto opened = ProfileHolds::open(arguments, *settings);
  if (!opened) return failed(opened.error().message, kBroken);
  auto holds = *std::move(opened);
  holds.into(options);
  std::string misuse;
  const auto programs =
      programs_of(arguments, *settings, holds.model(), misuse);
  if (!misuse.empty()) return failed(misuse, kUsage);
  if (!programs) return failed(programs.error().message, kBroken);
  const auto maps = maps_of(*settings);
  if (!maps) return failed(maps.error().message, kBroken);
  const auto bundle = JsonDocument::parse(*std::move(text), holds.keys());
  if (!bundle) return failed(bundle.error().message, kNo);
  const auto bill = billing::bill_bundle(*bundle, *programs, **maps, options);
  if (!bill) return failed(bill.error().message, kNo);
  return print(*bill);
}

}  // namespace

Command bill_command() {
  return {
      .name = "bill",
      .usage =
          {.synopsis = "workgate bill [options] FILE",
           .purpose = "Bills a Bundle offline: sessions in, claims out.",
           .options =
               {{"policy", "ID", "pack that judges instead of the program's"},
                {"set", "KNOB=VALUE", "set a knob of that pack; repeatable"},
                {"as-of", "INSTANT",
                 "the clock (the newest instant in the Bundle)"},
                {"explain", "", "print the proof of each claim too"},
                {"config", "FILE", "configuration (config/gateway.yaml)"},
                {"image", "FILE", "definitions image"},
                {"json", "", "accepted; the output is JSON already"}}},
      .run = run};
}

}  // namespace gateway::server
