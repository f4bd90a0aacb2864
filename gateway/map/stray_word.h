// Stray words: in a formula over an HL7 v2 message nothing is called by a bare
// name. FHIRPath takes one for a member that no message has, and says nothing;
// what is meant is a path, a text or a word of ours that is misspelt.

#pragma once

#include <string>
#include <string_view>

namespace gateway::map {

// The first bare name of `program`, whose paths and settings were replaced by
// variables: no function, operator, type or unit. Empty if there is none.
std::string_view stray_word(std::string_view program);

// What is wrong with it, and what may have been meant.
std::string stray_word_problem(std::string_view word);

// 1984-02 or 1984-02-17, which an expression takes for numbers.
bool is_bare_date(std::string_view text);

}  // namespace gateway::map
