#include "parse/hl7v2_report.h"

#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "parse/hl7v2_fields.h"
#include "parse/hl7v2_group.h"
#include "parse/hl7v2_header.h"
#include "parse/hl7v2_text.h"

namespace gateway::parse {
namespace {

class Reporter {
 public:
  explicit Reporter(const Hl7v2Message& message)
      : message_(message), header_(header_of(message)) {}

  std::string write() {
    const auto& structure = structure_of(header_.structure, header_.event());
    const auto groups = grouped(message_, structure);
    std::vector<std::string_view> group_of(message_.segments().size());
    name_groups(groups, 0, group_of);
    out_.begin_object()
        .member("event", header_.event())
        .member_if("structure", structure.name)
        .member_if("version", header_.version)
        .member_if("controlId", header_.control_id)
        .member("charset", message_.charset() == Hl7v2Charset::latin1
                               ? "8859/1"
                               : "UTF-8");
    out_.key("segments").begin_array();
    for (std::size_t i = 0; i < group_of.size(); ++i) {
      segment(message_.segments()[i], group_of[i]);
    }
    out_.end_array();
    oddities(groups);
    out_.end_object();
    return out_.take();
  }

 private:
  static void name_groups(const Hl7v2Groups& groups, std::uint32_t node,
                          std::vector<std::string_view>& group_of) {
    const auto& nodes = groups.nodes;
    for (auto i = nodes[node].first_child; i != Hl7v2Node::kNone;
         i = nodes[i].next) {
      if (nodes[i].is_group()) {
        name_groups(groups, i, group_of);
      } else if (node != 0) {
        group_of[nodes[i].segment] = nodes[node].name;
      }
    }
  }

  void span(ByteSpan bytes) {
    out_.key("span").begin_array().integer(bytes.begin).integer(bytes.end);
    out_.end_array();
  }

  void segment(const Hl7v2Segment& segment, std::string_view group) {
    const auto name = message_.name(segment);
    out_.begin_object().member("segment", name).member_if("group", group);
    span(segment.span);
    out_.key("values").begin_array();
    Hl7v2Place place{.field = 0};
    for (std::uint32_t i = 1; i < segment.piece_count; ++i) {
      const auto& piece = message_.pieces()[segment.first_piece + i];
      advance(place, piece.level);
      if (piece.begin != piece.end) value(name, place, piece);
    }
    out_.end_array().end_object();
  }

  void value(std::string_view segment, Hl7v2Place place,
             const Hl7v2Piece& piece) {
    std::string path = std::string(segment) + "-" + std::to_string(place.field);
    if (place.repetition > 1) {
      path += "[" + std::to_string(place.repetition) + "]";
    }
    if (place.component > 1 || place.subcomponent > 1) {
      path += "." + std::to_string(place.component);
    }
    if (place.subcomponent > 1)
      path += "." + std::to_string(place.subcomponent);
    const auto field = field_of(segment, place.field, header_.version);
    const bool literal = segment == "MSH" && place.field <= 2;
    const auto raw = message_.raw(piece);
    out_.begin_object()
        .member("path", path)
        .member_if("name", field.name)
        .member_if("type", field.type)
        .member("text", literal ? std::string(raw)
                                : decoded(raw, message_.delimiters(),
                                          message_.charset()));
    span({piece.begin, piece.end});
    out_.end_object();
  }

  void oddities(const Hl7v2Groups& groups) {
    if (groups.oddities.empty()) return;
    out_.key("oddities").begin_array();
    for (const auto& oddity : groups.oddities) {
      out_.begin_object().member("segment", oddity.name);
      switch (oddity.disorder) {
        case Hl7v2Disorder::out_of_order:
          out_.member("problem", "out of order");
          break;
        case Hl7v2Disorder::unknown:
          out_.member("problem", "not of this structure");
          break;
        case Hl7v2Disorder::missing:
          out_.member("problem", "missing");
          break;
      }
      if (oddity.segment != Hl7v2Node::kNone) {
        span(message_.segments()[oddity.segment].span);
      }
      out_.end_object();
    }
    out_.end_array();
  }

  const Hl7v2Message& message_;
  Hl7v2Header header_;
  JsonWriter out_;
};

}  // namespace

std::string report(const Hl7v2Message& message) {
  return Reporter(message).write();
}

}  // namespace gateway::parse
