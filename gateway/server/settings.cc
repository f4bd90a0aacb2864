#include "server/settings.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>

#include "base/file.h"

namespace gateway::server {
namespace {

Error wrong(const Yaml& node, const Yaml& parent, const std::string& what) {
  const auto& place = node.exists() ? node : parent;
  return {ErrorCode::invalid, place.place() + ": " + what};
}

constexpr std::string_view kKnown[] = {
    "version",   "canonicalBase", "security",   "openPartner",
    "listeners", "store",         "image",      "mappings",
    "limits",    "partners",      "facility",   "programs",
    "payers",    "fees",          "overrides",  "acceptUnverified",
    "referrals", "waivers",       "escalation", "messageLog"};

std::optional<Error> check_names(const Yaml& root) {
  for (const auto& [name, value] : root.members()) {
    if (std::find(std::begin(kKnown), std::end(kKnown), name.scalar()) ==
        std::end(kKnown)) {
      return wrong(name, root,
                   "'" + name.scalar() +
                       "' is not a setting; see config/gateway.schema.json");
    }
  }
  if (root.get("version").scalar() != "1") {
    return wrong(root.get("version"), root,
                 "the version of the format must be 1");
  }
  return std::nullopt;
}

std::optional<Error> read_size(const Yaml& limits, std::string_view name,
                               std::size_t& out) {
  const auto node = limits.get(name);
  if (!node.exists()) return std::nullopt;
  const auto& text = node.scalar();
  std::size_t value = 0;
  const auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value == 0) {
    return wrong(node, limits, "a whole number above 0 is wanted");
  }
  out = value;
  return std::nullopt;
}

std::optional<Error> read_limits(const Yaml& limits, Settings& out) {
  for (const auto& [name, into] :
       {std::pair{"bodyBytes", &out.body_bytes},
        std::pair{"connections", &out.connections},
        std::pair{"waitingRequests", &out.waiting_requests},
        std::pair{"mllpFrameSeconds", &out.frame_seconds},
        std::pair{"mllpIdleSeconds", &out.idle_seconds}}) {
    if (auto error = read_size(limits, name, *into)) return error;
  }
  // Deadlines of more than a day are none.
  constexpr std::size_t kMostSeconds = 86'400;
  for (const auto* const name : {"mllpFrameSeconds", "mllpIdleSeconds"}) {
    const auto seconds = std::string_view(name) == "mllpFrameSeconds"
                             ? out.frame_seconds
                             : out.idle_seconds;
    if (seconds <= kMostSeconds) continue;
    return wrong(
        limits.get(name), limits,
        "at most " + std::to_string(kMostSeconds) + " seconds are wanted");
  }
  return std::nullopt;
}

std::optional<Error> read_endpoint(const Yaml& listeners, std::string_view name,
                                   Endpoint& out) {
  const auto node = listeners.get(name);
  if (!node.exists()) return std::nullopt;
  auto parsed = parse_endpoint(node.scalar());
  if (!parsed) return wrong(node, listeners, parsed.error().message);
  out = *std::move(parsed);
  return std::nullopt;
}

std::optional<Error> read_tls(const Yaml& listeners, std::string_view name,
                              std::optional<TlsFiles>& out) {
  const auto tls = listeners.get(name);
  if (!tls.exists()) return std::nullopt;
  out = TlsFiles{.certificate = tls.get("certificate").scalar(),
                 .key = tls.get("key").scalar(),
                 .client_ca = tls.get("clientCa").scalar()};
  if (out->certificate.empty() || out->key.empty()) {
    return wrong(tls, listeners,
                 std::string(name) + " needs a certificate and a key file");
  }
  return std::nullopt;
}

std::optional<Error> read_listeners(const Yaml& root, Settings& out) {
  const auto listeners = root.get("listeners");
  if (auto error = read_endpoint(listeners, "http", out.http)) return error;
  if (auto error = read_endpoint(listeners, "mllp", out.mllp)) return error;
  if (auto error = read_tls(listeners, "tls", out.tls)) return error;
  return read_tls(listeners, "mllpTls", out.mllp_tls);
}

std::optional<exchange::Role> role_of(std::string_view text) {
  if (text == "ehr") return exchange::Role::ehr;
  if (text == "clearinghouse") return exchange::Role::clearinghouse;
  if (text == "operator") return exchange::Role::operator_;
  return std::nullopt;
}

std::optional<Error> read_partners(const Yaml& root, Settings& out) {
  const auto partners = root.get("partners");
  for (const auto& [name, entry] : partners.members()) {
    const auto role = role_of(entry.get("role").scalar());
    if (!role) {
      return wrong(entry.get("role"), name,
                   "a role is ehr, clearinghouse or operator");
    }
    exchange::Caller caller{.partner = name.scalar(), .role = *role};
    for (const auto& served : entry.get("serves").items()) {
      if (!partners.get(served.scalar()).exists()) {
        return wrong(served, entry, "no partner has that name");
      }
      caller.serves.push_back(served.scalar());
    }
    const auto subject = entry.get("certificate");
    if (subject.exists() &&
        !out.certificates.emplace(subject.scalar(), name.scalar()).second) {
      return wrong(subject, entry, "another partner has this certificate");
    }
    out.partners.emplace(name.scalar(), std::move(caller));
  }
  if (out.partners.empty()) {
    return wrong(partners, root, "at least one partner is wanted");
  }
  return std::nullopt;
}

std::optional<Error> read_security(const Yaml& root, Settings& out) {
  const auto security = root.get("security");
  if (security.scalar() != "open") {
    return wrong(security, root,
                 "the only security so far is 'open', on loopback");
  }
  out.open = true;
  out.open_partner = root.get("openPartner").scalar();
  if (out.partners.find(out.open_partner) == out.partners.end()) {
    return wrong(root.get("openPartner"), root,
                 "openPartner must name one of the partners");
  }
  for (const auto* endpoint : {&out.http, &out.mllp}) {
    if (!is_loopback(*endpoint)) {
      return wrong(root.get("listeners"), root,
                   "security: open is allowed on loopback addresses only");
    }
  }
  return std::nullopt;
}

std::optional<Error> read_all(const Yaml& root, Settings& out) {
  if (auto error = check_names(root)) return error;
  out.canonical_base = root.get("canonicalBase").scalar();
  if (out.canonical_base.empty() || out.canonical_base.back() == '/') {
    return wrong(root.get("canonicalBase"), root,
                 "canonicalBase is a URL without a slash at its end");
  }
  out.http = {"127.0.0.1", 8080};
  out.mllp = {"127.0.0.1", 2575};
  if (auto error = read_listeners(root, out)) return error;
  if (auto error = read_partners(root, out)) return error;
  if (auto error = read_security(root, out)) return error;
  if (auto error = read_limits(root.get("limits"), out)) return error;
  out.data_directory = root.get("store").get("directory").scalar();
  if (out.data_directory.empty()) out.data_directory = "data";
  out.image = root.get("image").scalar();
  out.maps = root.get("mappings").scalar();
  if (out.maps.empty()) {
    const auto folder = std::filesystem::path(out.file).parent_path();
    out.maps = (folder / ".." / "mappings").lexically_normal().string();
  }
  auto retention = read_retention(root);
  if (!retention) return retention.error();
  out.retention = *std::move(retention);
  const auto waivers = root.get("waivers");
  if (waivers.exists()) {
    if (waivers.scalar().empty()) {
      return wrong(waivers, root, "waivers is the name of a file");
    }
    const auto folder = std::filesystem::path(out.file).parent_path();
    out.waivers = (folder / waivers.scalar()).lexically_normal().string();
  }
  out.root = root;
  return std::nullopt;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text) {
  const Error error{ErrorCode::invalid,
                    "an address and port such as 127.0.0.1:8080 is wanted"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return error;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  std::uint16_t port = 0;
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed != std::errc() || end != digits.data() + digits.size() ||
      digits.empty() || host.empty()) {
    return error;
  }
  return Endpoint{std::string(host), port};
}

bool is_loopback(const Endpoint& endpoint) {
  return endpoint.host == "localhost" || endpoint.host == "::1" ||
         endpoint.host.substr(0, 4) == "127.";
}

Result<Settings> parse_settings(std::string_view text,
                                const std::string& file) {
  const auto root = Yaml::parse(text, file);
  if (!root) return root.error();
  Settings settings;
  settings.file = file;
  if (auto error = read_all(*root, settings)) return *error;
  return settings;
}

Result<Settings> read_settings(const std::string& file) {
  auto text = read_file(file);
  if (!text) {
    return Error{text.error().code,
                 file + ":1:1" + text.error().message.substr(file.size())};
  }
  return parse_settings(*std::move(text), file);
}

}  // namespace gateway::server
