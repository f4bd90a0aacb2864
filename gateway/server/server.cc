#include "server/server.h"

#include <utility>

#include "fhir/definitions.h"
#include "fhir/type_model.h"
#include "security/tls_context.h"
#include "server/front.h"
#include "server/site_reader.h"
#include "server/v2_intake.h"
#include "server/work_pool.h"
#include "store/sqlite_store.h"
#include "transport/http_server.h"
#include "transport/mllp_server.h"

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
  std::unique_ptr<V2Intake> v2;
  std::unique_ptr<transport::HttpServer> http;
  std::unique_ptr<transport::MllpServer> mllp;
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

Status Server::listen_http() {
  auto& wiring = *wiring_;
  const auto settings = http_settings(wiring.options.settings);
  if (!settings) return settings.error();
  const auto& http = wiring.options.settings.http;
  const bool tls = wiring.options.settings.tls.has_value();
  wiring.site.base = url_of(http, http.port, tls) + "/fhir";
  auto listening = transport::HttpServer::listen(
      *settings,
      [&front = wiring.front](transport::Request request,
                              transport::Responder responder) {
        front.handle(std::move(request), std::move(responder));
      },
      [&pipeline = wiring.pipeline](const transport::EdgeRefusal& refusal) {
        pipeline.record(refusal);
      });
  if (!listening) return listening.error();
  wiring.http = *std::move(listening);
  wiring.site.base = url_of(wiring.options.settings.http, wiring.http->port(),
                            wiring.options.settings.tls.has_value()) +
                     "/fhir";
  return Done{};
}

Status Server::listen_mllp() {
  auto& wiring = *wiring_;
  const auto& settings = wiring.options.settings;
  const fhir::TypeModel model(wiring.validator.definitions());
  const auto loaded = map::load_maps(settings.maps, &model);
  if (!loaded) return loaded.error();
  if (loaded->set == nullptr) {
    return Error{ErrorCode::invalid, map::text_of(loaded->problems)};
  }
  const auto http = http_settings(settings);
  if (!http) return http.error();
  transport::MllpSettings mllp;
  mllp.listen = http->listen;
  mllp.listen.address = address_of(settings.mllp);
  mllp.most_frame_bytes = settings.body_bytes;
  wiring.v2 = std::make_unique<V2Intake>(
      wiring.parts, wiring.pipeline, loaded->set,
      settings.partners.find(settings.open_partner)->second);
  auto listening = transport::MllpServer::listen(
      mllp, [&v2 = *wiring.v2](transport::MllpFrame frame,
                               transport::MllpResponder responder) {
        v2.handle(std::move(frame), std::move(responder));
      });
  if (!listening) return listening.error();
  wiring.mllp = *std::move(listening);
  return Done{};
}

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
  auto wiring =
      std::make_unique<Wiring>(std::move(options), *std::move(programs),
                               *std::move(definitions), *std::move(store));
  std::unique_ptr<Server> server(new Server(std::move(wiring)));
  // HTTP last: it is where others see that the gateway is ready.
  if (auto status = server->listen_mllp(); !status) return status.error();
  if (auto status = server->listen_http(); !status) return status.error();
  return server;
}

Server::Server(std::unique_ptr<Wiring> wiring) : wiring_(std::move(wiring)) {}
Server::~Server() {
  wiring_->mllp.reset();
  wiring_->http.reset();
  wiring_->under_way.wait_for_none();
}

std::uint16_t Server::http_port() const { return wiring_->http->port(); }
std::uint16_t Server::mllp_port() const { return wiring_->mllp->port(); }
std::string Server::base_url() const { return wiring_->site.base; }

bool Server::drain(std::chrono::milliseconds patience) {
  const bool mllp = wiring_->mllp->drain(patience);
  return wiring_->http->drain(patience) && mllp;
}

Instant system_now() {
  return std::chrono::floor<std::chrono::microseconds>(
      std::chrono::system_clock::now());
}

}  // namespace gateway::server
