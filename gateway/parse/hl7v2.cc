#include "parse/hl7v2.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"
#include "parse/hl7v2_header.h"
#include "parse/hl7v2_text.h"

namespace gateway::parse {
namespace {

constexpr std::size_t kNameLength = 3;

bool is_name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_line_end(char c) { return c == '\r' || c == '\n'; }

// A segment begins at `at`: three characters, then a separator or the end.
bool segment_begins(std::string_view text, std::size_t at, char field) {
  if (at + kNameLength > text.size()) return false;
  for (std::size_t i = 0; i < kNameLength; ++i) {
    if (!is_name_character(text[at + i])) return false;
  }
  if (text[at] >= '0' && text[at] <= '9') return false;
  if (at + kNameLength == text.size()) return true;
  const char after = text[at + kNameLength];
  return after == field || is_line_end(after);
}

Error invalid(std::string message, std::size_t offset) {
  return {ErrorCode::invalid, std::move(message), offset};
}

Error too_large(std::string message, std::size_t offset) {
  return {ErrorCode::too_large, std::move(message), offset};
}

// What a byte means to the splitter: a level, or one of these.
constexpr std::uint8_t kText = 0;  // Hl7v2Level::segment never splits
constexpr std::uint8_t kLineEnd = 5;

using ByteMeanings = std::array<std::uint8_t, 256>;

ByteMeanings meanings_of(const Hl7v2Delimiters& delimiters) {
  ByteMeanings meanings{};
  const auto set = [&meanings](char c, auto meaning) {
    meanings[static_cast<unsigned char>(c)] =
        static_cast<std::uint8_t>(meaning);
  };
  set(delimiters.field, Hl7v2Level::field);
  set(delimiters.repetition, Hl7v2Level::repetition);
  set(delimiters.component, Hl7v2Level::component);
  set(delimiters.subcomponent, Hl7v2Level::subcomponent);
  set('\r', kLineEnd);
  set('\n', kLineEnd);
  return meanings;
}

}  // namespace

// Reads one message; used once.
class Hl7v2Reader {
 public:
  Hl7v2Reader(std::string source, const Hl7v2Limits& limits) : limits_(limits) {
    message_.source_ = std::move(source);
    text_ = message_.source_;
  }

  Result<Hl7v2Message> read() {
    if (text_.size() > limits_.bytes) {
      return too_large("The message is larger than " +
                           std::to_string(limits_.bytes) + " bytes.",
                       limits_.bytes);
    }
    const std::size_t start = text_.starts_with(kByteOrderMark) ? 3 : 0;
    auto delimiters = read_delimiters(text_, start);
    if (!delimiters) return delimiters.error();
    message_.delimiters_ = *delimiters;
    meanings_ = meanings_of(message_.delimiters_);
    message_.pieces_.reserve(text_.size() / 4 + 16);
    at_ = start;
    while (at_ < text_.size()) {
      if (const auto read = read_segment(); !read) return read.error();
    }
    if (const auto decoded = find_charset(); !decoded) return decoded.error();
    return std::move(message_);
  }

 private:
  Status read_segment() {
    const std::size_t number = message_.segments_.size() + 1;
    if (!segment_begins(text_, at_, message_.delimiters_.field)) {
      return invalid("Segment " + std::to_string(number) +
                         " does not begin with a segment name.",
                     at_);
    }
    if (number > 1 && text_.substr(at_, kNameLength) == "MSH") {
      return invalid("A second message begins: send one message per frame.",
                     at_);
    }
    if (number > limits_.segments) {
      return too_large("The message has more than " +
                           std::to_string(limits_.segments) + " segments.",
                       at_);
    }
    const std::size_t begin = at_;
    const auto first = static_cast<std::uint32_t>(message_.pieces_.size());
    add_piece(begin, begin + kNameLength, Hl7v2Level::segment);
    at_ = begin + kNameLength;
    read_declaration(begin);
    if (const auto split = split_line(); !split) return split;
    const std::size_t end = at_;
    while (at_ < text_.size() && is_line_end(text_[at_])) ++at_;
    message_.segments_.push_back(
        {.first_piece = first,
         .piece_count =
             static_cast<std::uint32_t>(message_.pieces_.size()) - first,
         .span = bytes(begin, end),
         .terminator = bytes(end, at_)});
    return Done{};
  }

  // MSH-1 and MSH-2 hold the delimiters as data, not as punctuation; MSH-1 is
  // the separator itself and has an empty piece of its own.
  void read_declaration(std::size_t begin) {
    if (text_.substr(begin, kNameLength) != "MSH") return;
    const std::size_t first = begin + kNameLength;
    if (first >= text_.size() || is_line_end(text_[first])) return;
    add_piece(first, first + 1, Hl7v2Level::field);
    at_ = first + 1;
    while (at_ < text_.size() && text_[at_] != message_.delimiters_.field &&
           !is_line_end(text_[at_])) {
      ++at_;
    }
    add_piece(first + 1, at_, Hl7v2Level::field);
  }

  // From the separator at at_ up to the end of the line.
  Status split_line() {
    std::size_t begin = at_ + 1;
    auto level = Hl7v2Level::field;
    std::size_t repetitions = 0;
    if (at_ >= text_.size() || is_line_end(text_[at_])) return Done{};
    for (std::size_t i = begin;; ++i) {
      const std::uint8_t meaning =
          i < text_.size() ? meanings_[static_cast<unsigned char>(text_[i])]
                           : kLineEnd;
      if (meaning == kText) continue;
      if (meaning == kLineEnd && is_text_line_feed(i)) continue;
      add_piece(begin, i, level);
      if (meaning == kLineEnd) {
        at_ = i;
        break;
      }
      level = static_cast<Hl7v2Level>(meaning);
      begin = i + 1;
      if (level == Hl7v2Level::field) repetitions = 0;
      if (level == Hl7v2Level::repetition &&
          ++repetitions >= limits_.repetitions) {
        return too_large("A field has more than " +
                             std::to_string(limits_.repetitions) +
                             " repetitions.",
                         i);
      }
    }
    if (message_.pieces_.size() > limits_.pieces) {
      return too_large("The message has more than " +
                           std::to_string(limits_.pieces) + " components.",
                       at_);
    }
    return Done{};
  }

  // An LF inside a text: senders that end segments by CR leave it there. A run
  // of them is looked at once.
  [[nodiscard]] bool is_text_line_feed(std::size_t at) {
    if (at < text_feeds_end_) return true;
    if (at >= text_.size() || text_[at] != '\n') return false;
    std::size_t next = at;
    while (next < text_.size() && text_[next] == '\n') ++next;
    if (next == text_.size() || text_[next] == '\r') return false;
    if (segment_begins(text_, next, message_.delimiters_.field)) return false;
    text_feeds_end_ = next;
    return true;
  }

  Status find_charset() {
    const auto name = message_.text(&message_.segments_.front(), {.field = 18});
    const auto charset = charset_named(name);
    if (!charset) return charset.error();
    message_.charset_ = *charset;
    const std::size_t wrong = first_unfit(name == "ASCII");
    if (wrong == std::string_view::npos) return Done{};
    return invalid(
        "A byte does not fit the character set of MSH-18 (empty means ASCII "
        "or UTF-8): declare 8859/1, or send UTF-8, and never NUL.",
        wrong);
  }

  [[nodiscard]] std::size_t first_unfit(bool only_ascii) const {
    if (message_.charset_ == Hl7v2Charset::latin1) return text_.find('\0');
    const auto wrong = first_invalid_utf8(text_);
    if (!only_ascii) return wrong;
    const auto high = std::find_if(text_.begin(), text_.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0x80U) != 0;
    });
    if (high == text_.end()) return wrong;
    return std::min(wrong, static_cast<std::size_t>(high - text_.begin()));
  }

  void add_piece(std::size_t begin, std::size_t end, Hl7v2Level level) {
    message_.pieces_.push_back({static_cast<std::uint32_t>(begin),
                                static_cast<std::uint32_t>(end), level});
  }
  static ByteSpan bytes(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  const Hl7v2Limits& limits_;
  Hl7v2Message message_;
  std::string_view text_;
  ByteMeanings meanings_{};
  std::size_t at_ = 0;
  std::size_t text_feeds_end_ = 0;
};

Result<Hl7v2Message> Hl7v2Message::parse(std::string source,
                                         const Hl7v2Limits& limits) {
  return Hl7v2Reader(std::move(source), limits).read();
}

const Hl7v2Segment* Hl7v2Message::find(std::string_view wanted) const {
  const auto it = std::find_if(
      segments_.begin(), segments_.end(),
      [&](const Hl7v2Segment& segment) { return name(segment) == wanted; });
  return it == segments_.end() ? nullptr : &*it;
}

ByteSpan Hl7v2Message::span(const Hl7v2Segment& segment,
                            Hl7v2Place place) const {
  Hl7v2Place at{.field = 0};
  for (std::uint32_t i = 1; i < segment.piece_count; ++i) {
    const auto& piece = pieces_[segment.first_piece + i];
    advance(at, piece.level);
    if (at.field > place.field) break;
    if (at.field == place.field && at.repetition == place.repetition &&
        at.component == place.component &&
        at.subcomponent == place.subcomponent) {
      return {piece.begin, piece.end};
    }
  }
  return {};
}

std::string Hl7v2Message::text(const Hl7v2Segment* segment,
                               Hl7v2Place place) const {
  if (segment == nullptr) return {};
  const auto [begin, end] = span(*segment, place);
  const auto raw_text = std::string_view(source_).substr(begin, end - begin);
  if (place.field <= 2 && name(*segment) == "MSH") return std::string(raw_text);
  return decoded(raw_text, delimiters_, charset_);
}

void advance(Hl7v2Place& place, Hl7v2Level level) {
  switch (level) {
    case Hl7v2Level::segment:
      place = {.field = 0};
      break;
    case Hl7v2Level::field:
      place = {.field = place.field + 1};
      break;
    case Hl7v2Level::repetition:
      place = {.field = place.field, .repetition = place.repetition + 1};
      break;
    case Hl7v2Level::component:
      ++place.component;
      place.subcomponent = 1;
      break;
    case Hl7v2Level::subcomponent:
      ++place.subcomponent;
      break;
  }
}

std::string written(const Hl7v2Message& message) {
  const auto& delimiters = message.delimiters();
  const std::array<char, 5> separators{
      '\0', delimiters.field, delimiters.repetition, delimiters.component,
      delimiters.subcomponent};
  std::string out;
  out.reserve(message.source().size());
  if (message.source().starts_with(kByteOrderMark)) out += kByteOrderMark;
  for (const auto& segment : message.segments()) {
    const std::uint32_t unseparated = message.name(segment) == "MSH" ? 3 : 1;
    for (std::uint32_t i = 0; i < segment.piece_count; ++i) {
      const auto& piece = message.pieces()[segment.first_piece + i];
      if (i >= unseparated) {
        out += separators[static_cast<std::size_t>(piece.level)];
      }
      out += message.raw(piece);
    }
    const auto [begin, end] = segment.terminator;
    out += std::string_view(message.source()).substr(begin, end - begin);
  }
  return out;
}

}  // namespace gateway::parse
