// What MSH says of a message, and what is wrong with MSH itself. A message
// whose header has a fatal defect is answered and never mapped.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parse/hl7v2.h"

namespace gateway::parse {

// MSH-1 and MSH-2 at byte `start` of `text`. Refused: no MSH, a batch, letters,
// digits, blanks or controls as delimiters, one character twice.
Result<Hl7v2Delimiters> read_delimiters(std::string_view text,
                                        std::size_t start);

// Decoded first components unless said otherwise.
struct Hl7v2Header {
  Hl7v2Delimiters delimiters;
  std::string sending_application;    // MSH-3, whole field as received
  std::string sending_facility;       // MSH-4, likewise
  std::string receiving_application;  // MSH-5, likewise
  std::string receiving_facility;     // MSH-6, likewise
  std::string message_code;           // MSH-9.1
  std::string trigger_event;          // MSH-9.2
  std::string structure;              // MSH-9.3
  std::string control_id;             // MSH-10, whole field as received
  std::string processing_id;          // MSH-11
  std::string version;                // MSH-12
  std::string accept_ack;             // MSH-15
  std::string application_ack;        // MSH-16
  std::string character_set;          // MSH-18, whole field as received
  bool lacks_sender = false;          // MSH-3 or MSH-4 could not be read

  // "REF^I12".
  [[nodiscard]] std::string event() const;
  // Blanks and "" are none.
  [[nodiscard]] bool has_control_id() const;
  // It is known whose control id it is: MSH-3, -4 and -10 name a message.
  [[nodiscard]] bool names_message() const {
    return has_control_id() && !lacks_sender;
  }
};

Hl7v2Header header_of(const Hl7v2Message& message);

// What can be read of the first line of a message that parse() refused, so
// that even its answer names it, and comes in the mode that MSH-15 and MSH-16
// ask for. Fields that are not ASCII are left out.
Hl7v2Header salvaged_header(std::string_view source);

// A defect of one field of MSH, with its code of table 0357.
struct Hl7v2HeaderDefect {
  std::string rule;  // "v2/unsupported-version"
  std::uint32_t field = 0;
  std::string condition;  // "203"
  std::string text;
};

// Empty if the message can be processed. Whether the event has a map is not
// asked here.
std::vector<Hl7v2HeaderDefect> header_defects(const Hl7v2Header& header);

}  // namespace gateway::parse
