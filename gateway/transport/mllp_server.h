// MllpServer receives HL7 v2 frames on many connections at once, answers those
// of one connection strictly in order, and stops reading from a sender whose
// frames wait for their answers: the sender's own network holds the rest.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"
#include "transport/http.h"
#include "transport/mllp.h"
#include "transport/tcp_server.h"

namespace gateway::transport {

struct MllpDeadlines {
  using Milliseconds = std::chrono::milliseconds;
  Milliseconds handshake{5'000};  // of TLS
  // An open frame: after the grace, at least this many bytes a second.
  Milliseconds frame_grace{30'000};
  std::uint64_t least_rate = 1024;
  Milliseconds idle{600'000};     // without a frame
  Milliseconds handler{120'000};  // until it has answered
  Milliseconds answer_grace{20'000};
  Milliseconds linger{1'000};
};

struct MllpSettings {
  ListenSettings listen;
  MllpDeadlines deadlines;
  std::size_t most_frame_bytes = 16U << 20U;
  // Frames of one connection that the handler has and has not answered. With
  // more than one, a later frame may be handled before an earlier one is done.
  std::size_t most_unanswered = 1;
  // Of all open and unanswered frames; beyond it no new frame is begun.
  std::size_t most_bytes_in_flight = 256U << 20U;
  // The same for all connections of one sender: of one client certificate,
  // else of one address. Nobody can take the whole budget.
  std::size_t most_bytes_by_sender = 64U << 20U;
  // Bytes that belong to no frame before the connection is closed.
  std::size_t most_skipped = 1'024;
};

// Since the start.
struct MllpCounters {
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<std::uint64_t> frames = 0;
  std::atomic<std::uint64_t> defects = 0;
  std::atomic<std::uint64_t> refusals = 0;
  std::atomic<std::uint64_t> bytes_in_flight = 0;  // now
};

// With what had come, as far as it was no frame: whoever spoke here may have
// sent a message in a form that nobody reads.
struct MllpRefusal : EdgeRefusal {
  std::string content;  // cut at 64 KiB
};

class MllpServer {
 public:
  using OnRefusal = std::function<void(MllpRefusal)>;

  // The handler is called on the reactor's thread for each frame and for each
  // defect of one; it must be quick, and may answer later. After a defect the
  // connection closes behind the answer, but goes on where the message behind
  // it has a begin of its own. A restarted frame that is followed by the same
  // message begun anew is answered with silence: the next answer is its own.
  // `on_refusal` hears of connections that were closed without a frame.
  static Result<std::unique_ptr<MllpServer>> listen(
      const MllpSettings& settings, MllpHandler handler,
      OnRefusal on_refusal = {});
  ~MllpServer();  // cuts what is open; drain() first to be polite
  MllpServer(const MllpServer&) = delete;
  MllpServer& operator=(const MllpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t open_connections() const;
  [[nodiscard]] const MllpCounters& counters() const;
  void renew_tls(security::TlsContext context);

  // Begins no further frame, waits for the answers of those in flight, closes.
  // False if some were left after `patience`.
  bool drain(std::chrono::milliseconds patience);

 private:
  struct Parts;
  explicit MllpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace gateway::transport
