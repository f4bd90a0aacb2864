// Edition is everything that a reload replaces: settings, packs, maps,
// certificates. It is loaded and checked as a whole, and never changed; each
// message is decided by the edition that it began with.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"
#include "fhir/definitions.h"
#include "fhir/type_model.h"
#include "map/map_set.h"
#include "program/programs.h"
#include "security/tls_context.h"
#include "server/settings.h"

namespace gateway::server {

struct Edition {
  Settings settings;
  std::shared_ptr<const fhir::TypeModel> model;  // that the programs read
  program::Programs programs;
  map::SharedMapSet maps;
  std::optional<security::TlsContext> http_tls;
  std::optional<security::TlsContext> mllp_tls;
  std::string hash;  // of the configuration, the packs and the maps
  Instant loaded{};
};
using SharedEdition = std::shared_ptr<const Edition>;

// When something is decided, and by what.
struct Moment {
  Instant now{};
  SharedEdition edition{};
  std::string sender{};  // partner whose message it is; none where time acts
};

// Why there is no edition: "settings", "packs", "maps", "certificates" or
// "cases", and what is wrong there, as file:line:column where there is one.
struct LoadFailure {
  std::string stage;
  std::string text;
};
using LoadedEdition = std::variant<SharedEdition, LoadFailure>;
// What came of it, in a sentence for whoever watches the process.
std::string outcome_of(const LoadedEdition& loaded);

// Reads and checks what the settings name.
LoadedEdition load_edition(Settings settings,
                           const fhir::Definitions& definitions, Instant now);

// Whom overlays of maps may be for.
std::vector<std::string_view> partner_names(const Settings& settings);

// Whether the golden cases beside the maps hold.
std::optional<LoadFailure> broken_case(const Edition& edition);

// What a running gateway cannot change: where it listens and stores, and the
// base of what it has emitted.
std::optional<LoadFailure> fixed_setting(const Settings& running,
                                         const Settings& next);

}  // namespace gateway::server
