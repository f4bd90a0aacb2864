// The message structures that we map (HL7 v2.5.1 and 2.8, chapters 3 to 11),
// as trees of segments and groups.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gateway::parse {

// How a segment begins, which says its place: its name, and what is in its
// first field.
struct Hl7v2Opening {
  std::string_view name;
  std::string_view code{};
};

// A segment, or a group of segments, at its place in a structure.
struct Hl7v2Element {
  std::string name;
  std::string code;  // a segment only where its first field says that
  bool required = false;
  bool repeats = false;
  std::vector<Hl7v2Element> members;  // empty for a segment

  [[nodiscard]] bool is_group() const { return !members.empty(); }
  // REQUIRES: no group.
  [[nodiscard]] bool is(const Hl7v2Opening& segment) const;
  // This segment, or a segment somewhere in this group.
  [[nodiscard]] bool contains(const Hl7v2Opening& segment) const;
  // A message may open this element with that segment.
  [[nodiscard]] bool begins_with(const Hl7v2Opening& segment) const;
};

// By the event ("REF^I12"), else by MSH-9.3: senders write ADT_A01 for all. A
// structure without members for messages that we do not know.
const Hl7v2Element& structure_of(std::string_view structure,
                                 std::string_view event);

// By name ("REF_I12"); null if we do not know it.
const Hl7v2Element* structure_named(std::string_view name);

const std::vector<Hl7v2Element>& all_structures();

// The structure that an event's messages have ("REF_I12" of "REF^I13"); empty
// for events that we do not know.
std::string_view structure_of_event(std::string_view event);

// "ADT^A05": some version up to 2.8.2 has messages of that type and trigger
// (tables 0076 and 0003), of the types that we know structures of. Triggers
// that begin with Z are a sender's own.
bool is_known_event(std::string_view event);

}  // namespace gateway::parse
