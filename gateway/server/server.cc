#include "server/server.h"

#include <utility>

#include "fhir/definitions.h"
#include "security/tls_context.h"
#include "server/front.h"
#include "server/site_reader.h"
#include "server/work_pool.h"
#include "store/sqlite_store.h"
#include "transport/http_server.h"

namespace gateway::server {
namespace {

constexpr std::size_t kWorkers = 2;
constexpr std::size_t kCasesOnShelf = 4096;

}  // namespace

// In the order in which the parts need each other: the destructor takes them
// apart from below, so that nothing calls what is gone.
struct Server::Wiring {
  explicit Wiring(ServerOptions o, program::Programs p,
                  fhir::SharedDefinitions definitions,
                  std::unique_ptr<store::Store> s)
      : options(std::move(o)),
        programs(std::move(p)),
        validator(std::move(definitions)),
        store(std::move(s)),
        site{.canonical = options.settings.canonical_base, .version = "0.1.0"},
        lanes(
            [this](std::function<void()> turn) { pool.post(std::move(turn)); }),
        shelf(*store, validator.definitions().keys(),
              options.settings.canonical_base, kCasesOnShelf),
        ids(options.id_seed),
        parts{
            *store,
            validator,
            validator.definitions().keys(),
            programs,
            site,
            lanes,
            shelf,
            ids,
            under_way,
            options.clock,
            [this](std::function<void()> work) { pool.post(std::move(work)); }},
        pipeline(parts),
        front(options.settings, parts, pipeline, metrics),
        pool(kWorkers) {}

  ServerOptions options;
  program::Programs programs;
  validate::Validator validator;
  std::unique_ptr<store::Store> store;
  exchange::Site site;
  Lanes lanes;
  CaseShelf shelf;
  Ids ids;
  UnderWay under_way;
  Parts parts;
  Pipeline pipeline;
  Metrics metrics;
  Front front;
  WorkPool pool;
  std::unique_ptr<transport::HttpServer> http;
};

namespace {

std::string url_of(const Endpoint& endpoint, std::uint16_t port, bool tls) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return std::string(tls ? "https://" : "http://") +
         (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
         std::to_string(port);
}

std::string address_of(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
         std::to_string(endpoint.port);
}

Result<transport::HttpSettings> http_settings(const Settings& settings) {
  transport::HttpSettings http;
  http.listen.address = address_of(settings.http);
  http.limits.body = settings.body_bytes;
  http.listen.connections.in_all = settings.connections;
  // The front runs short work on the reactor and hands over the rest itself.
  http.workers = 0;
  http.canonical_base = settings.canonical_base;
  if (settings.tls) {
    auto context = security::TlsContext::server(
        {.certificate_file = settings.tls->certificate,
         .key_file = settings.tls->key,
         .authority_file = settings.tls->client_ca,
         .client_certificate = settings.tls->client_ca.empty()
                                   ? security::ClientCertificate::ignored
                                   : security::ClientCertificate::required});
    if (!context) return context.error();
    http.listen.tls = *std::move(context);
  }
  return http;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
  auto site = read_site(options.settings.root);
  if (!site) return site.error();
  auto programs = read_programs(options.settings.file, *site);
  if (!programs) return programs.error();
  auto definitions = fhir::Definitions::open(options.image);
  if (!definitions) return definitions.error();
  auto store = store::open_sqlite({.directory = options.settings.data_directory,
                                   .clock = options.clock,
                                   .fatal = options.fatal});
  if (!store) return store.error();
  auto http = http_settings(options.settings);
  if (!http) return http.error();
  auto wiring =
      std::make_unique<Wiring>(std::move(options), *std::move(programs),
                               *std::move(definitions), *std::move(store));
  auto listening = transport::HttpServer::listen(
      *http,
      [&front = wiring->front](transport::Request request,
                               transport::Responder responder) {
        front.handle(std::move(request), std::move(responder));
      },
      [&pipeline = wiring->pipeline](const transport::EdgeRefusal& refusal) {
        pipeline.record(refusal);
      });
  if (!listening) return listening.error();
  wiring->http = *std::move(listening);
  wiring->site.base =
      url_of(wiring->options.settings.http, wiring->http->port(),
             wiring->options.settings.tls.has_value()) +
      "/fhir";
  return std::unique_ptr<Server>(new Server(std::move(wiring)));
}

Server::Server(std::unique_ptr<Wiring> wiring) : wiring_(std::move(wiring)) {}
Server::~Server() {
  wiring_->http.reset();
  wiring_->under_way.wait_for_none();
}

std::uint16_t Server::http_port() const { return wiring_->http->port(); }
std::string Server::base_url() const { return wiring_->site.base; }

bool Server::drain(std::chrono::milliseconds patience) {
  return wiring_->http->drain(patience);
}

Instant system_now() {
  return std::chrono::floor<std::chrono::microseconds>(
      std::chrono::system_clock::now());
}

}  // namespace gateway::server
