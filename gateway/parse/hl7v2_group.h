// Groups of a message: which IN2 belongs to which IN1, which OBR to which ORC.
//
// Tolerant: a segment goes to the nearest place where its structure allows it;
// one out of order goes to the group that it belongs to; an unknown or Z
// segment stays with the group that is open. Nothing is ever left out.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "parse/hl7v2.h"
#include "parse/hl7v2_structure.h"

namespace gateway::parse {

// A group or a segment of a message. Nodes form a tree by index.
struct Hl7v2Node {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  std::string_view name;          // of the group or segment
  std::uint32_t segment = kNone;  // index of Hl7v2Message::segments()
  std::uint32_t first_child = kNone;
  std::uint32_t last_child = kNone;
  std::uint32_t next = kNone;  // sibling

  [[nodiscard]] bool is_group() const { return segment == kNone; }
};

// What strict senders would not do; reported, never refused.
enum class Hl7v2Disorder : std::uint8_t { out_of_order, unknown, missing };
struct Hl7v2Oddity {
  Hl7v2Disorder disorder;
  std::uint32_t segment = Hl7v2Node::kNone;  // kNone for `missing`
  std::string_view name;                     // of the segment
};

struct Hl7v2Groups {
  std::vector<Hl7v2Node> nodes;  // nodes[0] is the message
  std::vector<Hl7v2Oddity> oddities;
};

// Views of `message` and `structure`, which must outlive the groups.
Hl7v2Groups grouped(const Hl7v2Message& message, const Hl7v2Element& structure);

}  // namespace gateway::parse
