#include "server/server.h"

#include <iostream>
#include <set>
#include <utility>

#include "fhir/definitions.h"
#include "security/tls_context.h"
#include "server/front.h"
#include "server/operator_desk.h"
#include "server/releases.h"
#include "server/timer.h"
#include "server/v2_intake.h"
#include "server/version.h"
#include "server/wake.h"
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
  explicit Wiring(ServerOptions o, SharedEdition first, validate::Waivers w,
                  fhir::SharedDefinitions definitions,
                  std::unique_ptr<store::Store> s)
      : options(std::move(o)),
        editions(std::move(first)),
        waivers(std::move(w)),
        validator(std::move(definitions)),
        intake(validator, waivers, options.settings.canonical_base),
        store(std::move(s)),
        site{.canonical = options.settings.canonical_base,
             .version = std::string(kVersion)},
        lanes(
            [this](std::function<void()> turn) { pool.post(std::move(turn)); }),
        shelf(*store, validator.definitions().keys(),
              options.settings.canonical_base, kCasesOnShelf,
              [this](Json resource) {
                return intake.held(resource, options.clock());
              }),
        waking(*store, [this] { return partners(); }),
        ids(options.id_seed),
        parts{
            *store,
            validator,
            intake,
            validator.definitions().keys(),
            editions,
            site,
            lanes,
            shelf,
            waking,
            ids,
            under_way,
            parked,
            options.clock,
            [this](std::function<void()> work) { pool.post(std::move(work)); }},
        pipeline(parts),
        v2(parts, pipeline),
        desk(parts, replays, prunings,
             {[this] { return said(server->reload(), "$reload"); },
              [this] { return said(server->rollback(), "$rollback"); }}),
        front(parts, pipeline, metrics, desk),
        pool(kWorkers),
        timer(waking, options.clock,
              [this](const Waking::Due& due, Wake::Ended ended) {
                std::make_shared<Wake>(parts, due, std::move(ended))->begin();
              }) {
    metrics.watch_parked([this] { return owners_of_parked(); });
  }

  // Whoever watches the process and not the answer reads it here.
  static LoadedEdition said(LoadedEdition loaded, const char* operation) {
    // One write of the whole line: nobody reads the half of it.
    std::cerr << std::string("workgate serve: POST /configuration/") +
                     operation + ": " + outcome_of(loaded) + "\n";
    return loaded;
  }

  [[nodiscard]] std::vector<std::string> owners_of_parked() {
    std::vector<std::string> owners;
    for (auto& one : parked.all()) owners.push_back(std::move(one.owner));
    return owners;
  }

  // Messages of the log that somebody is about to take up.
  [[nodiscard]] std::set<store::Sequence> wanted() {
    auto sequences = replays.under_way();
    for (const auto& one : parked.all()) sequences.insert(one.sequence);
    return sequences;
  }

  [[nodiscard]] std::vector<std::string> partners() const {
    std::vector<std::string> names;
    const auto edition = editions.current();
    for (const auto& [name, partner] : edition->settings.partners) {
      names.push_back(name);
    }
    return names;
  }

  ServerOptions options;
  Editions editions;
  validate::Waivers waivers;
  validate::Validator validator;
  validate::Intake intake;
  std::unique_ptr<store::Store> store;
  exchange::Site site;
  Lanes lanes;
  CaseShelf shelf;
  Waking waking;
  Ids ids;
  UnderWay under_way;
  ParkedMessages parked;
  Parts parts;
  Pipeline pipeline;
  V2Intake v2;
  Metrics metrics;
  Server* server = nullptr;
  OperatorDesk desk;
  Front front;
  WorkPool pool;
  Replays replays{parts, pipeline, v2};
  Prunings prunings{parts, [this] { return wanted(); }};
  Releases releases{parts, v2};
  Timer timer;
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

transport::ListenSettings listening(
    const Settings& settings, const Endpoint& endpoint,
    const std::optional<security::TlsContext>& tls) {
  transport::ListenSettings listen;
  listen.address = address_of(endpoint);
  listen.connections.in_all = settings.connections;
  listen.tls = tls;
  return listen;
}

}  // namespace

Status Server::listen_http() {
  auto& wiring = *wiring_;
  const auto& settings = wiring.options.settings;
  const auto edition = wiring.editions.current();
  const bool tls = edition->http_tls.has_value();
  wiring.site.base = url_of(settings.http, settings.http.port, tls) + "/fhir";
  transport::HttpSettings http;
  http.listen = listening(settings, settings.http, edition->http_tls);
  http.limits.body = settings.body_bytes;
  // The front runs short work on the reactor and hands over the rest itself.
  http.workers = 0;
  http.canonical_base = settings.canonical_base;
  auto server = transport::HttpServer::listen(
      http,
      [&front = wiring.front](transport::Request request,
                              transport::Responder responder) {
        front.handle(std::move(request), std::move(responder));
      },
      [&pipeline = wiring.pipeline](const transport::EdgeRefusal& refusal) {
        pipeline.record(refusal);
      });
  if (!server) return server.error();
  wiring.http = *std::move(server);
  wiring.site.base = url_of(settings.http, wiring.http->port(), tls) + "/fhir";
  return Done{};
}

Status Server::listen_mllp() {
  auto& wiring = *wiring_;
  const auto& settings = wiring.options.settings;
  const auto edition = wiring.editions.current();
  transport::MllpSettings mllp;
  mllp.listen = listening(settings, settings.mllp, edition->mllp_tls);
  mllp.most_frame_bytes = settings.body_bytes;
  mllp.deadlines.frame_grace =
      std::chrono::seconds(static_cast<std::int64_t>(settings.frame_seconds));
  mllp.deadlines.idle =
      std::chrono::seconds(static_cast<std::int64_t>(settings.idle_seconds));
  auto server = transport::MllpServer::listen(
      mllp,
      [&v2 = wiring.v2](transport::MllpFrame frame,
                        transport::MllpResponder responder) {
        v2.handle(std::move(frame), std::move(responder));
      },
      [&pipeline = wiring.pipeline](transport::MllpRefusal refusal) {
        pipeline.record(refusal, std::move(refusal.content));
      });
  if (!server) return server.error();
  wiring.mllp = *std::move(server);
  return Done{};
}

LoadedEdition Server::load_next() const {
  const auto& options = wiring_->options;
  if (!options.reread) {
    return LoadFailure{"settings", "there is no file to read again"};
  }
  auto settings = options.reread();
  if (!settings) return LoadFailure{"settings", settings.error().message};
  if (auto fixed = fixed_setting(options.settings, *settings)) {
    return *std::move(fixed);
  }
  auto loaded = load_edition(*std::move(settings),
                             wiring_->validator.definitions(), options.clock());
  if (const auto* edition = std::get_if<SharedEdition>(&loaded)) {
    if (auto broken = broken_case(**edition)) return *std::move(broken);
  }
  return loaded;
}

LoadedEdition Server::reload() {
  auto loaded = wiring_->editions.reload([this] { return load_next(); },
                                         wiring_->options.clock());
  adopt(loaded);
  return loaded;
}

LoadedEdition Server::rollback() {
  auto loaded = wiring_->editions.rollback(wiring_->options.clock());
  adopt(loaded);
  return loaded;
}

void Server::adopt(const LoadedEdition& loaded) {
  const auto* const edition = std::get_if<SharedEdition>(&loaded);
  if (edition == nullptr) return;
  wiring_->shelf.keep((*edition)->programs.resource_types(),
                      (*edition)->programs.zone());
  wiring_->parked.wake();
  if ((*edition)->http_tls) wiring_->http->renew_tls(*(*edition)->http_tls);
  if ((*edition)->mllp_tls) wiring_->mllp->renew_tls(*(*edition)->mllp_tls);
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
  auto waivers = options.settings.waivers.empty()
                     ? Result<validate::Waivers>(validate::Waivers())
                     : validate::Waivers::read(options.settings.waivers);
  if (!waivers) return waivers.error();
  auto definitions = fhir::Definitions::open(options.image);
  if (!definitions) return definitions.error();
  auto loaded = load_edition(options.settings, **definitions, options.clock());
  if (const auto* why = std::get_if<LoadFailure>(&loaded)) {
    return Error{ErrorCode::invalid, why->text};
  }
  auto store = store::open_sqlite({.directory = options.settings.data_directory,
                                   .clock = options.clock,
                                   .fatal = options.fatal});
  if (!store) return store.error();
  auto wiring = std::make_unique<Wiring>(
      std::move(options), std::get<SharedEdition>(std::move(loaded)),
      *std::move(waivers), *std::move(definitions), *std::move(store));
  std::unique_ptr<Server> server(new Server(std::move(wiring)));
  auto& running = *server->wiring_;
  running.server = server.get();
  const auto& programs = running.editions.current()->programs;
  running.shelf.keep(programs.resource_types(), programs.zone());
  if (auto status = running.waking.begin(running.options.clock()); !status) {
    return status.error();
  }
  if (auto status = running.releases.begin(); !status) return status.error();
  running.timer.start();
  // HTTP last: it is where others see that the gateway is ready.
  if (auto status = server->listen_mllp(); !status) return status.error();
  if (auto status = server->listen_http(); !status) return status.error();
  return server;
}

Server::Server(std::unique_ptr<Wiring> wiring) : wiring_(std::move(wiring)) {}
Server::~Server() {
  wiring_->timer.stop();
  wiring_->mllp.reset();
  wiring_->http.reset();
  wiring_->prunings.stop();
  wiring_->replays.stop();
  wiring_->releases.stop();
  wiring_->under_way.wait_for_none();
}

std::uint16_t Server::http_port() const { return wiring_->http->port(); }
std::uint16_t Server::mllp_port() const { return wiring_->mllp->port(); }
std::string Server::base_url() const { return wiring_->site.base; }

bool Server::drain(std::chrono::milliseconds patience) {
  wiring_->timer.stop();
  const bool mllp = wiring_->mllp->drain(patience);
  return wiring_->http->drain(patience) && mllp;
}

Instant system_now() {
  return std::chrono::floor<std::chrono::microseconds>(
      std::chrono::system_clock::now());
}

}  // namespace gateway::server
