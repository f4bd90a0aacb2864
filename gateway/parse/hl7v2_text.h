// Text of HL7 v2: escape sequences (HL7 v2.5.1, 2.7) and character sets
// (table 0211). Trees hold UTF-8, whatever the sender's characters were.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "parse/hl7v2.h"

namespace gateway::parse {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// From a value of MSH-18. Unsupported for sets that we do not read.
Result<Hl7v2Charset> charset_named(std::string_view code);

// One piece with its escapes resolved, as UTF-8. Sequences that are unknown,
// unterminated or give no text are kept as they were written.
std::string decoded(std::string_view raw, const Hl7v2Delimiters& delimiters,
                    Hl7v2Charset charset);

// True if decoded() would change nothing.
bool is_plain(std::string_view raw, const Hl7v2Delimiters& delimiters,
              Hl7v2Charset charset);

// `text` with delimiters, line ends and controls escaped, for one piece.
std::string encoded(std::string_view text, const Hl7v2Delimiters& delimiters);

}  // namespace gateway::parse
