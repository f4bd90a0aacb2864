#include "transport/http_server.h"

#include <utility>

#include "transport/http_connection.h"

namespace gateway::transport {

struct HttpServer::Parts {
  std::shared_ptr<HttpService> service;
  std::unique_ptr<TcpServer> tcp;
};

Result<std::unique_ptr<HttpServer>> HttpServer::listen(
    const HttpSettings& settings, Handler handler, OnRefusal on_refusal) {
  auto service = std::make_shared<HttpService>();
  service->settings = settings;
  service->handler = std::move(handler);
  service->on_refusal = std::move(on_refusal);
  if (settings.workers > 0) {
    service->workers =
        std::make_unique<Workers>(settings.workers, settings.most_waiting);
  }
  auto tcp = TcpServer::listen(settings.listen, [service](Arrival arrival) {
    HttpConnection::open(service, std::move(arrival));
  });
  if (!tcp) return tcp.error();
  auto parts = std::make_unique<Parts>();
  parts->service = std::move(service);
  parts->tcp = *std::move(tcp);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

HttpServer::HttpServer(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

// The connections go first: what the workers answer after that is dropped.
HttpServer::~HttpServer() {
  parts_->tcp->stop();
  parts_->service->workers.reset();
}

std::uint16_t HttpServer::port() const { return parts_->tcp->port(); }

std::size_t HttpServer::open_connections() const {
  return parts_->tcp->open_connections();
}

const HttpCounters& HttpServer::counters() const {
  return parts_->service->counters;
}

void HttpServer::renew_tls(security::TlsContext context) {
  parts_->tcp->renew_tls(std::move(context));
}

bool HttpServer::drain(std::chrono::milliseconds patience) {
  parts_->service->draining = true;
  parts_->tcp->begin_drain();
  return parts_->tcp->wait_until_empty(patience);
}

}  // namespace gateway::transport
