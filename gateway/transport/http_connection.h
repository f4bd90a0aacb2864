// HttpConnection is one client's connection: it receives, hands requests to
// the handler, and writes the answers. One request at a time; what a client
// sends ahead waits in the buffer or in the network.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "transport/http_parser.h"
#include "transport/http_response.h"
#include "transport/http_server.h"
#include "transport/write_buffer.h"

namespace gateway::transport {

// What all connections of one server share.
struct HttpService {
  HttpSettings settings;
  Handler handler;
  HttpServer::OnRefusal on_refusal;
  HttpCounters counters;
  std::atomic<bool> draining = false;
  std::unique_ptr<Workers> workers;
};

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  // Begins a connection; the reactor's watch keeps it alive.
  static void open(std::shared_ptr<HttpService> service, Arrival arrival);

  HttpConnection(std::shared_ptr<HttpService> service, Arrival arrival);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

 private:
  enum class Phase : std::uint8_t {
    handshake,  // of TLS
    idle,       // no byte of the next request yet
    head,
    body,
    answering,  // the handler has the request
    writing,    // its answer
    lingering,  // all is said; the peer may still send
    closed,
  };
  using Milliseconds = std::chrono::milliseconds;

  void begin();
  void ready(std::uint32_t events);
  void tick();
  void tick_while_receiving();

  // Receiving (http_connection.cc).
  [[nodiscard]] bool receiving() const;
  void shake_hands();
  void receive();
  bool read_some();
  void consume();
  void begin_body();
  [[nodiscard]] bool refused_by_head();
  void account_body();
  void end_of_input();

  // Answering (http_answering.cc).
  void dispatch();
  void identify(Request& request) const;
  void run_handler(Request request);
  Responder responder();
  bool take_early(std::uint64_t sequence, Response& response);
  void answer(std::uint64_t sequence, const Response& response);
  void refuse(const Refusal& refusal);
  void report(int status, std::string why);
  void write_answer(const Response& response);
  void flush();
  void answered();
  void linger();
  void drop_input();
  void close();

  void enter(Phase phase, Milliseconds patience);
  void want_for(IoState state);
  void release_bytes();
  void shrink_buffers();

  const std::shared_ptr<HttpService> service_;
  Reactor& reactor_;
  const Seat seat_;  // before the wire, as in Arrival
  Wire wire_;
  const std::string peer_;
  Reactor::Key key_ = 0;

  Phase phase_ = Phase::idle;
  Reactor::Clock::time_point entered_;
  Reactor::Clock::time_point deadline_;

  HttpParser parser_;
  std::string in_;  // not yet consumed, from offset_
  std::size_t offset_ = 0;
  std::size_t bytes_seen_ = 0;  // of this request, for refusals
  std::size_t held_bytes_ = 0;  // of the budget of bytes in flight
  std::size_t lingered_bytes_ = 0;
  bool input_ended_ = false;

  std::uint64_t sequence_ = 0;  // of the request that is being answered
  bool in_handler_ = false;
  std::optional<Response> early_;  // sent before the handler returned
  AnswerFraming framing_;
  WriteBuffer out_;
  std::string tls_subject_;
  Instant received_at_;
  DateHeader date_;
};

}  // namespace gateway::transport
