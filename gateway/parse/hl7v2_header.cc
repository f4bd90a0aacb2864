#include "parse/hl7v2_header.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "parse/hl7v2_text.h"

namespace gateway::parse {
namespace {

constexpr std::size_t kLongestControlId = 199;  // v2.8, table of lengths

bool may_delimit(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                    (c >= 'a' && c <= 'z');
  return byte > 0x20U && byte < 0x7FU && !word && c != '"';
}

std::string raw_field(const Hl7v2Message& message, std::uint32_t field) {
  const auto& segment = message.segments().front();
  std::size_t begin = 0;
  std::size_t end = 0;
  Hl7v2Place at{.field = 0};
  for (std::uint32_t i = 1; i < segment.piece_count; ++i) {
    const auto& piece = message.pieces()[segment.first_piece + i];
    advance(at, piece.level);
    if (at.field != field) continue;
    if (begin == 0) begin = piece.begin;
    end = piece.end;
  }
  return message.source().substr(begin, end - begin);
}

bool is_known_version(std::string_view version) {
  constexpr std::array<std::string_view, 14> kVersions{
      "",      "2.1", "2.2", "2.3",   "2.3.1", "2.4",   "2.5",
      "2.5.1", "2.6", "2.7", "2.7.1", "2.8",   "2.8.1", "2.8.2"};
  return std::find(kVersions.begin(), kVersions.end(), version) !=
         kVersions.end();
}

// As received: it is answered so, whatever it holds that delimits. What is not
// ASCII is decoded, since the log is UTF-8.
std::string control_id_of(const Hl7v2Message& message) {
  auto raw = raw_field(message, 10);
  const bool is_ascii = std::all_of(raw.begin(), raw.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0x80U) == 0;
  });
  if (is_ascii) return raw;
  return message.text(&message.segments().front(), {.field = 10});
}

}  // namespace

Result<Hl7v2Delimiters> read_delimiters(std::string_view text,
                                        std::size_t start) {
  const auto invalid = [](std::string message, std::size_t offset) {
    return Error{ErrorCode::invalid, std::move(message), offset};
  };
  const auto head = text.substr(start);
  if (head.starts_with("FHS") || head.starts_with("BHS")) {
    return Error{ErrorCode::unsupported,
                 "Batches are not read: send one message per frame.", start};
  }
  if (!head.starts_with("MSH") || head.size() < 5) {
    return invalid("The message does not begin with an MSH segment.", start);
  }
  const char field = head[3];
  const auto end =
      std::min({head.find(field, 4), head.find('\r', 4), head.find('\n', 4)});
  const auto encoding = head.substr(
      4, end == std::string_view::npos ? std::string_view::npos : end - 4);
  if (encoding.size() != 4 && encoding.size() != 5) {
    return invalid("MSH-2 must hold four or five encoding characters.",
                   start + 4);
  }
  std::string all = field + std::string(encoding);
  if (!std::all_of(all.begin(), all.end(), may_delimit)) {
    return invalid("MSH-1 or MSH-2 holds a character that cannot delimit.",
                   start + 3);
  }
  std::sort(all.begin(), all.end());
  if (std::adjacent_find(all.begin(), all.end()) != all.end()) {
    return invalid("MSH-1 and MSH-2 use one character twice.", start + 3);
  }
  return Hl7v2Delimiters{
      .field = field,
      .component = encoding[0],
      .repetition = encoding[1],
      .escape = encoding[2],
      .subcomponent = encoding[3],
      .truncation = encoding.size() == 5 ? encoding[4] : '\0'};
}

std::string Hl7v2Header::event() const {
  return trigger_event.empty() ? message_code
                               : message_code + "^" + trigger_event;
}

bool Hl7v2Header::has_control_id() const {
  return control_id != "\"\"" &&
         control_id.find_first_not_of(' ') != std::string::npos;
}

Hl7v2Header header_of(const Hl7v2Message& message) {
  const auto* msh = &message.segments().front();
  const auto text = [&](std::uint32_t field, std::uint32_t component = 1) {
    return message.text(msh, {.field = field, .component = component});
  };
  return {.delimiters = message.delimiters(),
          .sending_application = raw_field(message, 3),
          .sending_facility = raw_field(message, 4),
          .receiving_application = raw_field(message, 5),
          .receiving_facility = raw_field(message, 6),
          .message_code = text(9),
          .trigger_event = text(9, 2),
          .structure = text(9, 3),
          .control_id = control_id_of(message),
          .processing_id = text(11),
          .version = text(12),
          .accept_ack = text(15),
          .application_ack = text(16),
          .character_set = raw_field(message, 18)};
}

Hl7v2Header salvaged_header(std::string_view source) {
  if (source.starts_with(kByteOrderMark)) source.remove_prefix(3);
  constexpr std::size_t kLongestLine = 4096;
  auto line = source.substr(0, source.find_first_of("\r\n"));
  line = line.substr(0, kLongestLine);
  Hl7v2Header header;
  const auto printable = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c <= '~'; });
  };
  if (!line.starts_with("MSH") || line.size() < 5 ||
      !printable(line.substr(0, 5))) {
    return header;
  }
  const auto fields = split(line, line[3]);
  const auto raw = [&](std::size_t field) {
    const bool is_read = field <= fields.size() && printable(fields[field - 1]);
    return is_read ? fields[field - 1] : std::string_view();
  };
  const auto is_lost = [&](std::size_t field) {
    return field <= fields.size() && !printable(fields[field - 1]);
  };
  header.lacks_sender = is_lost(3) || is_lost(4);
  if (const auto read = read_delimiters(line, 0)) {
    header.delimiters = *read;
    header.sending_application = raw(3);
    header.sending_facility = raw(4);
    header.receiving_application = raw(5);
    header.receiving_facility = raw(6);
    const auto type = split(raw(9), read->component);
    header.message_code = type[0];
    if (type.size() > 1) header.trigger_event = type[1];
    const auto first = [&](std::size_t field) {
      return std::string(split(raw(field), read->component)[0]);
    };
    header.processing_id = first(11);
    header.version = first(12);
    header.accept_ack = first(15);
    header.application_ack = first(16);
  }
  const auto id = raw(10);
  header.control_id = id.substr(0, kLongestControlId);
  return header;
}

std::vector<Hl7v2HeaderDefect> header_defects(const Hl7v2Header& header) {
  std::vector<Hl7v2HeaderDefect> defects;
  const auto add = [&defects](std::string rule, std::uint32_t field,
                              std::string condition, std::string text) {
    defects.push_back(
        {std::move(rule), field, std::move(condition), std::move(text)});
  };
  if (header.message_code.empty()) {
    add("v2/no-message-type", 9, "101", "MSH-9 names no message type.");
  }
  if (!header.has_control_id()) {
    add("v2/no-control-id", 10, "101",
        "MSH-10 is empty: every message needs a control id of its own.");
  }
  if (header.control_id.size() > kLongestControlId) {
    add("v2/control-id-too-long", 10, "104",
        "MSH-10 is longer than 199 characters.");
  }
  constexpr std::string_view kProcessingIds = "PTD";
  if (!header.processing_id.empty() &&
      (header.processing_id.size() > 1 ||
       kProcessingIds.find(header.processing_id) == std::string_view::npos)) {
    add("v2/unsupported-processing-id", 11, "202", "MSH-11 must be P, T or D.");
  }
  if (!is_known_version(header.version)) {
    add("v2/unsupported-version", 12, "203",
        "MSH-12 must be a version from 2.1 to 2.8.2.");
  }
  return defects;
}

}  // namespace gateway::parse
