// Settings are what config/gateway.yaml says: who may send, where to listen,
// where to store, and what the site's programs and fees are. Read once; a
// reload makes new Settings or none.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "exchange/caller.h"
#include "server/retention.h"

namespace gateway::server {

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;  // 0: any free port
};

// "127.0.0.1:8080", "[::1]:8080".
Result<Endpoint> parse_endpoint(std::string_view text);
bool is_loopback(const Endpoint& endpoint);

struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string client_ca;  // empty: clients show no certificate
};

struct Settings {
  std::string file;  // where it was read from
  std::string canonical_base;
  bool open = false;         // security: open
  std::string open_partner;  // who an unnamed caller is
  Endpoint http;
  Endpoint mllp;
  std::optional<TlsFiles> tls;       // of both listeners
  std::optional<TlsFiles> mllp_tls;  // of MLLP, where it differs
  std::string data_directory;
  std::string image;    // empty: beside the binary
  std::string maps;     // folder of maps; default: beside the configuration's
  std::string waivers;  // file of waivers; empty: none
  std::size_t body_bytes = 16U << 20U;
  std::size_t connections = 4096;
  std::size_t waiting_requests = 1024;
  std::size_t frame_seconds = 30;  // MLLP: for the frame that was begun
  std::size_t idle_seconds = 600;  // MLLP: between two frames
  std::map<std::string, exchange::Caller, std::less<>> partners;
  // Partner by the subject of its client certificate, as RFC 2253 writes it.
  std::map<std::string, std::string, std::less<>> certificates;
  Retention retention;  // of the message log
  Yaml root;            // programs, payers, fees, overrides: read by program/
};

// `file` as given; errors begin with file:line:column.
Result<Settings> read_settings(const std::string& file);
Result<Settings> parse_settings(std::string_view text, const std::string& file);

}  // namespace gateway::server
