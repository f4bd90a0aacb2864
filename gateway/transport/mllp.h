// The Minimal Lower Layer Protocol of HL7 v2: VT message FS CR. A frame counts
// only when its end has come; what is wrong with another one is said, because
// the sender waits for a word.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"

namespace gateway::transport {

enum class MllpDefect : std::uint8_t {
  none,
  restarted,  // a VT inside it
  bad_end,    // FS without CR behind it
  too_large,  // cut at the limit
  cut,        // the connection ended, or time ran out, inside it
  unopened,   // a message without VT before it
};
std::string_view text(MllpDefect defect);

struct MllpFrame {
  std::string content;  // between VT and FS; with a defect, what had come
  MllpDefect defect = MllpDefect::none;
  // Of a restarted one: the message that the VT began, as far as it came; it is
  // dispatched by itself, too. Empty where the VT began none: then all that
  // came up to the end is the content.
  std::string followed_by{};
  std::string peer{};  // address:port
  // Of the client's verified certificate, as RFC 2253 writes it; empty
  // without mutual TLS.
  std::string tls_subject{};
  Instant received_at{};
};

// Answers one frame with any number of messages: none (NE/NE), one, or an
// accept and an application acknowledgment (AL/AL). If the last copy goes away
// without having sent, the connection is closed: a sender that hears nothing
// sends again. Safe from any thread; only the first send counts.
class MllpResponder {
 public:
  // Called once all of the answer was given to the connection's socket: never
  // for no messages, nor where the connection ended before.
  using Written = std::function<void(Instant)>;
  using Send = std::function<void(std::vector<std::string>)>;
  using SendAndSay = std::function<void(std::vector<std::string>, Written)>;
  using Forgotten = std::function<void()>;
  MllpResponder(SendAndSay send, Forgotten forgotten);
  // For answers of which nobody needs to know when they were written.
  MllpResponder(Send send, Forgotten forgotten);
  void send(std::vector<std::string> messages, Written written = {}) const;

 private:
  struct Once;
  std::shared_ptr<Once> once_;
};

using MllpHandler = std::function<void(MllpFrame, MllpResponder)>;

// Refuses content that holds VT or FS: it would end its own frame.
Result<std::string> mllp_framed(std::string_view content);

// Finds frames in a stream of bytes; what it finds does not depend on how the
// bytes were cut into pieces.
class MllpDecoder {
 public:
  enum class Event : std::uint8_t { need_more, frame, defect };
  struct Step {
    Event event;
    std::size_t consumed;  // of the bytes given
  };

  explicit MllpDecoder(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // Stops at the first frame or defect; begin the next call behind what was
  // consumed. Bytes between frames are skipped; but MSH there is a message
  // whose VT is missing, since its sender waits for a word.
  Step feed(std::string_view bytes);
  // The stream has ended. True if that cut a frame.
  bool end();

  // REQUIRES: the last event was a frame or a defect, or end() said true.
  std::string take_content() { return std::move(finished_); }
  [[nodiscard]] MllpDefect defect() const { return defect_; }

  [[nodiscard]] bool inside_frame() const { return place_ != Place::between; }
  [[nodiscard]] std::size_t open_bytes() const { return content_.size(); }
  // Since the last frame.
  [[nodiscard]] std::size_t skipped_bytes() const { return skipped_; }
  // They, or what an open frame holds: all that no frame and no defect gives.
  [[nodiscard]] std::string unfinished() const {
    return inside_frame() ? content_ : skipped_text_;
  }
  // Some of them are no blanks.
  [[nodiscard]] bool has_strays() const {
    return !inside_frame() && !strays_.empty();
  }

 private:
  enum class Place : std::uint8_t { between, inside, behind_fs };

  std::size_t skip(std::string_view bytes);
  bool begins_message(std::string_view skipped, std::size_t& used);
  Step take(std::string_view bytes);
  Step finish(Event event, MllpDefect defect, std::size_t consumed);

  const std::size_t most_bytes_;
  Place place_ = Place::between;
  std::string content_;
  std::string finished_;
  MllpDefect defect_ = MllpDefect::none;
  std::size_t skipped_ = 0;
  std::string skipped_text_;  // the first of them, up to the limit
  std::string strays_;        // the first few
  bool unopened_ = false;
};

}  // namespace gateway::transport
