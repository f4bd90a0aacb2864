#include "server/edition.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/file.h"
#include "map/map_case.h"
#include "map/outward.h"
#include "security/digest.h"
#include "server/site_reader.h"

namespace gateway::server {
namespace {

namespace fs = std::filesystem;

LoadFailure failure(std::string stage, std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return {std::move(stage), std::move(text)};
}

std::string bytes_of(const fs::path& file) {
  auto text = read_file(file.string());
  return text ? *std::move(text) : std::string();
}

std::string hash_of(const Settings& settings, const map::MapSet& maps) {
  std::vector<fs::path> files;
  std::error_code ignored;
  const auto packs = fs::path(settings.file).parent_path() / "policies";
  for (const auto& entry : fs::directory_iterator(packs, ignored)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  files.emplace_back(settings.file);
  std::string bytes = maps.hash;
  for (const auto& file : files) {
    bytes += file.filename().string() + '\0' + bytes_of(file) + '\0';
  }
  return security::sha256_hex(bytes);
}

using Tls = std::optional<security::TlsContext>;

Result<Tls> tls_context(const std::optional<TlsFiles>& files) {
  if (!files) return Tls();
  auto context = security::TlsContext::server(
      {.certificate_file = files->certificate,
       .key_file = files->key,
       .authority_file = files->client_ca,
       .client_certificate = files->client_ca.empty()
                                 ? security::ClientCertificate::ignored
                                 : security::ClientCertificate::required});
  if (!context) return context.error();
  return Tls(*std::move(context));
}

}  // namespace

std::vector<std::string_view> partner_names(const Settings& settings) {
  std::vector<std::string_view> names;
  for (const auto& [name, caller] : settings.partners) names.push_back(name);
  return names;
}

LoadedEdition load_edition(Settings settings,
                           const fhir::Definitions& definitions, Instant now) {
  auto site = read_site(settings.root);
  if (!site) return failure("settings", site.error().message);
  auto model = std::make_shared<const fhir::TypeModel>(definitions);
  auto programs = read_programs(settings.file, *site, model.get());
  if (!programs) return failure("packs", programs.error().message);
  auto maps = map::load_maps(settings.maps, model.get());
  if (!maps) return failure("maps", maps.error().message);
  if (maps->set == nullptr) {
    return failure("maps", map::text_of(maps->problems));
  }
  const auto strangers =
      map::unknown_partners(*maps->set, partner_names(settings));
  if (!strangers.empty()) return failure("maps", map::text_of(strangers));
  const auto complete = map::check_complete(*maps->set->library);
  if (!complete) return failure("maps", complete.error().message);
  auto http = tls_context(settings.tls);
  if (!http) return failure("certificates", http.error().message);
  auto mllp = tls_context(settings.mllp_tls ? settings.mllp_tls : settings.tls);
  if (!mllp) return failure("certificates", mllp.error().message);
  auto hash = hash_of(settings, *maps->set);
  return std::make_shared<const Edition>(Edition{
      std::move(settings), std::move(model), *std::move(programs), maps->set,
      *std::move(http), *std::move(mllp), std::move(hash), now});
}

std::string outcome_of(const LoadedEdition& loaded) {
  if (const auto* why = std::get_if<LoadFailure>(&loaded)) {
    return "nothing was changed: " + why->stage + ": " + why->text;
  }
  return "edition " + std::get<SharedEdition>(loaded)->hash + " is in force";
}

std::optional<LoadFailure> broken_case(const Edition& edition) {
  const auto cases = map::read_cases(edition.settings.maps);
  if (!cases) return failure("cases", cases.error().message);
  std::string text;
  for (const auto& one : *cases) {
    const auto result = map::check(*edition.maps, one);
    if (!result) {
      text += one.name + ": " + result.error().message + "\n";
    } else if (!result->difference.empty()) {
      text += one.name + ": " + result->difference + "\n";
    }
  }
  if (text.empty()) return std::nullopt;
  return failure("cases", text);
}

std::optional<LoadFailure> fixed_setting(const Settings& running,
                                         const Settings& next) {
  const auto same = [](const Endpoint& a, const Endpoint& b) {
    return a.host == b.host && a.port == b.port;
  };
  const std::pair<const char*, bool> kept[] = {
      {"listeners.http", same(running.http, next.http)},
      {"listeners.mllp", same(running.mllp, next.mllp)},
      {"listeners.tls", running.tls.has_value() == next.tls.has_value()},
      {"listeners.mllpTls",
       running.mllp_tls.has_value() == next.mllp_tls.has_value()},
      {"store.directory", running.data_directory == next.data_directory},
      {"canonicalBase", running.canonical_base == next.canonical_base},
      {"image", running.image == next.image},
      {"waivers", running.waivers == next.waivers},
      {"limits.bodyBytes", running.body_bytes == next.body_bytes},
      {"limits.connections", running.connections == next.connections},
      {"limits.mllpFrameSeconds", running.frame_seconds == next.frame_seconds},
      {"limits.mllpIdleSeconds", running.idle_seconds == next.idle_seconds}};
  for (const auto& [name, is_kept] : kept) {
    if (is_kept) continue;
    return failure("settings", next.file + ":1:1: " + name +
                                   " cannot change while the gateway runs; "
                                   "restart it");
  }
  return std::nullopt;
}

}  // namespace gateway::server
