#include "transport/mllp_server.h"

#include <utility>

#include "transport/mllp_connection.h"

namespace gateway::transport {

struct MllpServer::Parts {
  std::shared_ptr<MllpService> service;
  std::unique_ptr<TcpServer> tcp;
};

Result<std::unique_ptr<MllpServer>> MllpServer::listen(
    const MllpSettings& settings, MllpHandler handler, OnRefusal on_refusal) {
  auto service = std::make_shared<MllpService>();
  service->settings = settings;
  service->handler = std::move(handler);
  service->on_refusal = std::move(on_refusal);
  auto tcp = TcpServer::listen(settings.listen, [service](Arrival arrival) {
    MllpConnection::open(service, std::move(arrival));
  });
  if (!tcp) return tcp.error();
  auto parts = std::make_unique<Parts>();
  parts->service = std::move(service);
  parts->tcp = *std::move(tcp);
  return std::unique_ptr<MllpServer>(new MllpServer(std::move(parts)));
}

MllpServer::MllpServer(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

MllpServer::~MllpServer() { parts_->tcp->stop(); }

std::uint16_t MllpServer::port() const { return parts_->tcp->port(); }

std::size_t MllpServer::open_connections() const {
  return parts_->tcp->open_connections();
}

const MllpCounters& MllpServer::counters() const {
  return parts_->service->counters;
}

void MllpServer::renew_tls(security::TlsContext context) {
  parts_->tcp->renew_tls(std::move(context));
}

bool MllpServer::drain(std::chrono::milliseconds patience) {
  parts_->service->draining = true;
  parts_->tcp->begin_drain();
  return parts_->tcp->wait_until_empty(patience);
}

}  // namespace gateway::transport
