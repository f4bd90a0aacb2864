// Regular expressions of matches() and its kin, by RE2: its time is linear in
// the text, whatever the pattern.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace gateway::fhirpath {

// The dot matches line breaks too (FHIRPath 2.0, 5.6.9: single line mode).
// Nothing for what RE2 refuses: a broken pattern, look-around, back references.
std::unique_ptr<re2::RE2> compiled_pattern(std::string_view pattern);

bool found_in(const re2::RE2& pattern, std::string_view text);
bool matches_all_of(const re2::RE2& pattern, std::string_view text);

// Every match replaced; $1, ${1} and ${name} in `by` stand for groups. Nothing
// if the result has more than `most` bytes.
std::optional<std::string> replaced(const re2::RE2& pattern,
                                    std::string_view text, std::string_view by,
                                    std::size_t most);

}  // namespace gateway::fhirpath
