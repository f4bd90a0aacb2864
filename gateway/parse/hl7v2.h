// HL7 v2 messages in their vertical-bar encoding (HL7 v2.5.1, chapter 2).
//
// Parsing is structural and flat: it finds segments and their pieces, keeps the
// sender's bytes, and decodes nothing. Escapes and characters are decoded per
// piece, after splitting (hl7v2_text.h); groups are found by hl7v2_group.h.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace gateway::parse {

// The characters that a message declares in MSH-1 and MSH-2.
struct Hl7v2Delimiters {
  char field = '|';
  char component = '^';
  char repetition = '~';
  char escape = '\\';
  char subcomponent = '&';
  char truncation = '\0';  // 2.7 and later, where declared
};

// MSH-18. What is empty or ASCII is read as UTF-8, of which it is a part.
enum class Hl7v2Charset : std::uint8_t { utf8, latin1 };

struct Hl7v2Limits {
  std::size_t bytes = 16U << 20U;
  std::size_t segments = 20'000;
  std::size_t repetitions = 5'000;  // of one field
  std::size_t pieces = 2'000'000;
};

// The separator before a piece: `segment` for the segment's name.
enum class Hl7v2Level : std::uint8_t {
  segment,
  field,
  repetition,
  component,
  subcomponent
};

// The text between two separators; empty ones have a piece too.
struct Hl7v2Piece {
  std::uint32_t begin;
  std::uint32_t end;
  Hl7v2Level level;
};

struct Hl7v2Segment {
  std::uint32_t first_piece;  // its name
  std::uint32_t piece_count;
  ByteSpan span;        // without terminator
  ByteSpan terminator;  // CR, LF or CRLF, blank lines too; empty at the end
};

// A place in a segment, counted from 1 as in the standard: {.field = 5,
// .component = 2} is PID-5.2.
struct Hl7v2Place {
  std::uint32_t field;
  std::uint32_t repetition = 1;
  std::uint32_t component = 1;
  std::uint32_t subcomponent = 1;
};

// `place` moved on by one separator.
void advance(Hl7v2Place& place, Hl7v2Level level);

class Hl7v2Message {
 public:
  // Accepts CR, LF and CRLF between segments and a byte order mark in front.
  // An LF that no segment follows is text. The error's offset is the byte.
  static Result<Hl7v2Message> parse(std::string source,
                                    const Hl7v2Limits& limits = {});

  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] const Hl7v2Delimiters& delimiters() const {
    return delimiters_;
  }
  [[nodiscard]] Hl7v2Charset charset() const { return charset_; }
  [[nodiscard]] const std::vector<Hl7v2Segment>& segments() const {
    return segments_;
  }
  // The pieces of all segments, in order.
  [[nodiscard]] const std::vector<Hl7v2Piece>& pieces() const {
    return pieces_;
  }

  [[nodiscard]] std::string_view raw(const Hl7v2Piece& piece) const {
    return std::string_view(source_).substr(piece.begin,
                                            piece.end - piece.begin);
  }
  [[nodiscard]] std::string_view name(const Hl7v2Segment& segment) const {
    return raw(pieces_[segment.first_piece]);
  }
  // The first segment of that name, or null. Valid as long as the message is.
  [[nodiscard]] const Hl7v2Segment* find(std::string_view name) const;

  // The bytes at `place`; an empty span at 0 if there is no such place.
  [[nodiscard]] ByteSpan span(const Hl7v2Segment& segment,
                              Hl7v2Place place) const;
  // Decoded text at `place`, empty if absent or if there is no segment.
  [[nodiscard]] std::string text(const Hl7v2Segment* segment,
                                 Hl7v2Place place) const;

 private:
  friend class Hl7v2Reader;
  Hl7v2Message() = default;

  std::string source_;
  Hl7v2Delimiters delimiters_;
  Hl7v2Charset charset_ = Hl7v2Charset::utf8;
  std::vector<Hl7v2Piece> pieces_;
  std::vector<Hl7v2Segment> segments_;
};

// The message put together again from its pieces: byte for byte the source.
std::string written(const Hl7v2Message& message);

}  // namespace gateway::parse
