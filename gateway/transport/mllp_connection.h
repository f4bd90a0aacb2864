// MllpConnection is one sender's connection: frames in, answers out, in order.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "transport/mllp.h"
#include "transport/mllp_server.h"
#include "transport/write_buffer.h"

namespace gateway::transport {

// Bytes in flight of each sender, as long as it has connections.
class SenderBytes {
 public:
  using Count = std::shared_ptr<std::atomic<std::size_t>>;
  Count of(const std::string& sender);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<std::atomic<std::size_t>>> counts_;
};

// What all connections of one server share.
struct MllpService {
  MllpSettings settings;
  MllpHandler handler;
  MllpServer::OnRefusal on_refusal;
  MllpCounters counters;
  SenderBytes senders;
  std::atomic<bool> draining = false;
};

class MllpConnection : public std::enable_shared_from_this<MllpConnection> {
 public:
  // Begins a connection; the reactor's watch keeps it alive.
  static void open(std::shared_ptr<MllpService> service, Arrival arrival);

  MllpConnection(std::shared_ptr<MllpService> service, Arrival arrival);
  ~MllpConnection();
  MllpConnection(const MllpConnection&) = delete;
  MllpConnection& operator=(const MllpConnection&) = delete;

 private:
  enum class Phase : std::uint8_t {
    handshake,  // of TLS
    open,
    finishing,  // nothing more is read; what is owed will be written
    lingering,  // all is said; the peer may still send
    closed,
  };
  using Time = Reactor::Clock::time_point;

  // A frame that the handler has.
  struct Owed {
    std::uint64_t sequence;
    Time since;
    std::size_t bytes;
    bool answered = false;
    std::vector<std::string> messages{};
    MllpResponder::Written written{};
  };

  void begin();
  void ready(std::uint32_t events);
  void tick();
  void tick_while_open();
  void shake_hands();

  [[nodiscard]] bool may_take() const;
  [[nodiscard]] bool over_budget() const;
  void receive();
  void receive_soon();
  bool read_some();
  [[nodiscard]] bool begins_with_tls() const;
  void consume();
  bool take_event(MllpDecoder::Event event, std::string_view behind);
  void end_of_input();
  void take(std::string content, MllpDefect defect);
  void dispatch(std::string content, MllpDefect defect,
                std::string followed_by = {});

  MllpResponder responder(std::uint64_t sequence);
  void answer(std::uint64_t sequence, std::vector<std::string> messages,
              MllpResponder::Written written);
  void forget(std::uint64_t sequence);
  void collect_answers();
  void flush();
  void settle();
  void linger();
  void drop_input();

  void account();
  void refuse(std::string why);
  void close();

  const std::shared_ptr<MllpService> service_;
  Reactor& reactor_;
  const Seat seat_;  // before the wire, as in Arrival
  Wire wire_;
  const std::string peer_;
  Reactor::Key key_ = 0;

  Phase phase_ = Phase::open;
  Time last_frame_;   // or the beginning
  Time frame_begun_;  // while one is open
  Time write_begun_;  // while something waits to be written
  Time deadline_;     // of handshake and lingering

  MllpDecoder decoder_;
  std::string restarted_;  // what a VT cut, until what it began has come
  std::string in_;         // not yet consumed
  bool input_ended_ = false;
  bool in_handler_ = false;
  bool reads_ = true;         // that the reactor is asked for input
  bool wants_write_ = false;  // that TLS is
  std::uint64_t next_sequence_ = 0;
  std::deque<Owed> owed_;
  std::size_t owed_bytes_ = 0;
  std::size_t counted_bytes_ = 0;  // of the budget of bytes in flight
  SenderBytes::Count sender_bytes_;
  std::size_t lingered_bytes_ = 0;
  WriteBuffer out_;
  std::vector<MllpResponder::Written> in_out_;  // of the answers in out_
  std::string tls_subject_;
};

}  // namespace gateway::transport
