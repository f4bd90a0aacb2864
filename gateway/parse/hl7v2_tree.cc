#include "parse/hl7v2_tree.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/tree_builder.h"
#include "parse/hl7v2_header.h"
#include "parse/hl7v2_text.h"

namespace gateway::parse {
namespace {

std::vector<std::string> key_names() {
  std::vector<std::string> names;
  const auto number = [&names](char letter, std::uint32_t most) {
    for (std::uint32_t i = 0; i <= most; ++i) {
      names.push_back(letter + std::to_string(i));
    }
  };
  number('f', kMostFields);
  number('c', kMostComponents);
  number('s', kMostComponents);
  std::vector<const Hl7v2Element*> waiting;
  for (const auto& structure : all_structures()) waiting.push_back(&structure);
  while (!waiting.empty()) {
    const auto* element = waiting.back();
    waiting.pop_back();
    names.push_back(element->name);
    for (const auto& member : element->members) waiting.push_back(&member);
  }
  return names;
}

// Names of members by number, made once.
struct Names {
  std::array<std::string, kMostFields + 1> fields;
  std::array<std::string, kMostComponents + 1> components;
  std::array<std::string, kMostComponents + 1> subcomponents;
};

const Names& names() {
  static const Names kNames = [] {
    Names made;
    for (std::uint32_t i = 0; i <= kMostFields; ++i) {
      made.fields[i] = "f" + std::to_string(i);
    }
    for (std::uint32_t i = 0; i <= kMostComponents; ++i) {
      made.components[i] = "c" + std::to_string(i);
      made.subcomponents[i] = "s" + std::to_string(i);
    }
    return made;
  }();
  return kNames;
}

constexpr std::uint32_t kPatientNumber = 3;  // PID-3

class TreeWriter {
 public:
  TreeWriter(const Hl7v2Message& message, const Hl7v2Groups& groups,
             std::uint32_t first_number)
      : message_(message),
        groups_(groups),
        first_number_(first_number),
        spans_(spans_of(message, groups)),
        out_(message.source(), hl7v2_keys()) {}

  JsonDocument write() {
    write_group("", 0);
    return out_.finish();
  }

 private:
  using Pieces = const Hl7v2Piece*;

  struct Child {
    std::string_view name;
    std::uint32_t node;
    std::uint32_t rank;  // of the first of its name
  };

  static void rank_by_name(std::vector<Child>& children) {
    constexpr std::size_t kFew = 32;
    if (children.size() <= kFew) {
      for (auto one = children.begin(); one != children.end(); ++one) {
        one->rank = std::find_if(children.begin(), one, [one](const auto& a) {
                      return a.name == one->name;
                    })->rank;
      }
      return;
    }
    std::stable_sort(
        children.begin(), children.end(),
        [](const auto& a, const auto& b) { return a.name < b.name; });
    for (std::size_t i = 1; i < children.size(); ++i) {
      if (children[i].name == children[i - 1].name) {
        children[i].rank = children[i - 1].rank;
      }
    }
  }

  // Children of one name lie together in the tree, in order of appearance.
  void write_group(std::string_view name, std::uint32_t node) {
    std::vector<Child> children;
    const auto& nodes = groups_.nodes;
    for (auto i = nodes[node].first_child; i != Hl7v2Node::kNone;
         i = nodes[i].next) {
      children.push_back({nodes[i].name, i, i});
    }
    rank_by_name(children);
    const auto by_rank = [](const auto& a, const auto& b) {
      return a.rank < b.rank;
    };
    if (!std::is_sorted(children.begin(), children.end(), by_rank)) {
      std::stable_sort(children.begin(), children.end(), by_rank);
    }

    out_.begin_object(name, spans_[node]);
    for (std::size_t i = 0; i < children.size();) {
      std::size_t end = i;
      while (end < children.size() && children[end].rank == children[i].rank) {
        ++end;
      }
      const bool many = end - i > 1;
      if (many) {
        const auto first = spans_[children[i].node];
        const auto last = spans_[children[end - 1].node];
        out_.begin_array(children[i].name, {first.begin, last.end});
      }
      for (; i < end; ++i) {
        write_node(many ? std::string_view() : children[i].name,
                   children[i].node);
      }
      if (many) out_.end();
    }
    out_.end();
  }

  void write_node(std::string_view name, std::uint32_t node) {
    if (groups_.nodes[node].is_group()) {
      write_group(name, node);
    } else {
      write_segment(name, message_.segments()[groups_.nodes[node].segment]);
    }
  }

  // Of each node, from its first segment to the end of its last: one out of
  // order may end a group that is not the last in its own.
  static std::vector<ByteSpan> spans_of(const Hl7v2Message& message,
                                        const Hl7v2Groups& groups) {
    const auto& nodes = groups.nodes;
    std::vector<ByteSpan> spans(nodes.size());
    // What is in a group comes behind it.
    for (auto i = nodes.size(); i-- > 0;) {
      auto& span = spans[i];
      if (!nodes[i].is_group()) {
        span = message.segments()[nodes[i].segment].span;
        continue;
      }
      auto child = nodes[i].first_child;
      if (child == Hl7v2Node::kNone) continue;
      for (span = spans[child]; child != Hl7v2Node::kNone;
           child = nodes[child].next) {
        span.end = std::max(span.end, spans[child].end);
      }
    }
    return spans;
  }

  void write_segment(std::string_view name, const Hl7v2Segment& segment) {
    out_.begin_object(name, segment.span);
    Pieces at = &message_.pieces()[segment.first_piece];
    const Pieces end = at + segment.piece_count;
    const auto segment_name = message_.name(segment);
    literal_fields_ = segment_name == "MSH" ? 2 : 0;
    first_of_field_ = segment_name == "PID" ? kPatientNumber : 0;
    std::uint32_t field = 0;
    for (++at; at < end;) {
      const Pieces begin = at++;
      while (at < end && at->level != Hl7v2Level::field) ++at;
      ++field;
      if (field <= kMostFields) write_field(field, begin, at);
    }
    out_.end();
  }

  static bool is_empty(Pieces begin, Pieces end) {
    return std::all_of(begin, end, [](const Hl7v2Piece& piece) {
      return piece.begin == piece.end;
    });
  }
  static ByteSpan whole(Pieces begin, Pieces end) {
    return {begin->begin, (end - 1)->end};
  }
  static Pieces end_of(Pieces begin, Pieces end, Hl7v2Level level) {
    return std::find_if(begin + 1, end, [level](const Hl7v2Piece& piece) {
      return piece.level == level;
    });
  }

  void write_field(std::uint32_t field, Pieces begin, Pieces end) {
    if (is_empty(begin, end)) return;
    const std::string_view name = names().fields[field];
    const bool repeats = end_of(begin, end, Hl7v2Level::repetition) != end;
    literal_ = field <= literal_fields_;
    if (!repeats) {
      write_repetition(name, begin, end);
      return;
    }
    out_.begin_array(name, whole(begin, end));
    Pieces ahead = nullptr;
    if (field == first_of_field_ && first_number_ > 0) {
      ahead = repetition(begin, end, first_number_);
      const Pieces next = end_of(ahead, end, Hl7v2Level::repetition);
      write_repetition("", ahead, next);
    }
    while (begin < end) {
      const Pieces next = end_of(begin, end, Hl7v2Level::repetition);
      // An empty one keeps its place.
      if (begin != ahead) write_repetition("", begin, next);
      begin = next;
    }
    out_.end();
  }

  // The last one, where there are fewer.
  static Pieces repetition(Pieces begin, Pieces end, std::uint32_t number) {
    for (; number > 0; --number) {
      const Pieces next = end_of(begin, end, Hl7v2Level::repetition);
      if (next == end) break;
      begin = next;
    }
    return begin;
  }

  void write_repetition(std::string_view name, Pieces begin, Pieces end) {
    Pieces next = end_of(begin, end, Hl7v2Level::component);
    if (next == end || is_empty(next, end)) {
      write_component(name, begin, next);
      return;
    }
    out_.begin_object(name, whole(begin, end));
    for (std::uint32_t i = 1; begin < end && i <= kMostComponents; ++i) {
      next = end_of(begin, end, Hl7v2Level::component);
      if (!is_empty(begin, next)) {
        write_component(names().components[i], begin, next);
      }
      begin = next;
    }
    out_.end();
  }

  void write_component(std::string_view name, Pieces begin, Pieces end) {
    if (end - begin == 1 || is_empty(begin + 1, end)) {
      write_text(name, *begin);
      return;
    }
    out_.begin_object(name, whole(begin, end));
    for (std::uint32_t i = 1; begin < end && i <= kMostComponents; ++i) {
      if (begin->begin != begin->end) {
        write_text(names().subcomponents[i], *begin);
      }
      ++begin;
    }
    out_.end();
  }

  void write_text(std::string_view name, const Hl7v2Piece& piece) {
    const auto raw = message_.raw(piece);
    const ByteSpan span{piece.begin, piece.end};
    if (literal_ || is_plain(raw, message_.delimiters(), message_.charset())) {
      out_.add(name, JsonKind::string, raw, span);
      return;
    }
    out_.add(name, JsonKind::string,
             decoded(raw, message_.delimiters(), message_.charset()), span);
  }

  const Hl7v2Message& message_;
  const Hl7v2Groups& groups_;
  const std::uint32_t first_number_;
  const std::vector<ByteSpan> spans_;  // by node
  TreeBuilder out_;
  std::uint32_t literal_fields_ = 0;
  std::uint32_t first_of_field_ = 0;  // where the first one may be another
  bool literal_ = false;              // the delimiters of MSH-1 and MSH-2
};

}  // namespace

const KeyTable& hl7v2_keys() {
  static const KeyTable kKeys(key_names());
  return kKeys;
}

KeyId field_key(std::uint32_t field) { return field; }

KeyId component_key(std::uint32_t component) {
  return kMostFields + 1 + component;
}

KeyId subcomponent_key(std::uint32_t subcomponent) {
  return kMostFields + 1 + kMostComponents + 1 + subcomponent;
}

std::uint32_t patient_number_count(const Hl7v2Message& message) {
  const auto* patient = message.find("PID");
  if (patient == nullptr) return 0;
  Hl7v2Place place{.field = 0};
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < patient->piece_count; ++i) {
    const auto& piece = message.pieces()[patient->first_piece + i];
    if (i > 0) advance(place, piece.level);
    if (place.field == kPatientNumber) count = place.repetition;
  }
  return count;
}

JsonDocument tree_of(const Hl7v2Message& message, const Hl7v2Groups& groups,
                     std::uint32_t first_number) {
  return TreeWriter(message, groups, first_number).write();
}

JsonDocument tree_of(const Hl7v2Message& message, std::uint32_t first_number) {
  const auto header = header_of(message);
  const auto& structure = structure_of(header.structure, header.event());
  return tree_of(message, grouped(message, structure), first_number);
}

}  // namespace gateway::parse
