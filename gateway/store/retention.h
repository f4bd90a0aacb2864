// What retention takes out of the message log, a segment at a time. Only what
// was received and answered goes: resources, ledger, feed and pulls stay as
// they are, and what went stays countable.

#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/result.h"

namespace gateway::store {

// Position in the log: grows by one with each commit, never repeats.
using Sequence = std::int64_t;

// The state in which a message ended.
enum class MessageState : std::uint8_t {
  accepted,  // stored, nothing to correct
  held,      // stored, a Task says what to correct
  rejected,  // understood, but not taken: invalid or in conflict
  unparsed,  // not readable as what it claims to be
  refused,   // by the edge, before it was complete
};
std::string_view name(MessageState state);

// Segment n holds the messages behind (n - 1) * kSegment up to n * kSegment,
// and is closed once a later message is in the log.
constexpr std::int64_t kSegment = 256;
constexpr std::int64_t segment_of(Sequence sequence) {
  return (sequence - 1) / kSegment + 1;
}

// Messages of one partner that ended in one state.
struct MessageCount {
  std::string owner{};
  MessageState state = MessageState::accepted;
  std::int64_t messages = 0;
  std::int64_t bytes = 0;  // content, outcome and answer
  Instant oldest{};        // received
  Instant newest{};
};

struct SegmentPart {
  std::int64_t segment = 0;
  MessageCount count{};
};

// Takes the messages of these states out of a closed segment, but for those to
// keep, in one transaction. Segment 0: forgets answers instead.
struct PruneOrder {
  std::int64_t segment = 0;
  std::set<MessageState> states{};
  std::set<Sequence> keep{};
  Instant at{};
  // The answer to a message that was received since then goes on answering the
  // same message (Store::find_digest).
  Instant answers_since{};
};
// How many were taken; a part for each partner and state.
using PruneDone = std::function<void(Result<std::vector<MessageCount>>)>;

struct Pruned {
  MessageCount count{};
  Instant at{};
};

}  // namespace gateway::store
