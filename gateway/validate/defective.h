// Official invariants that do not say what they mean, and how each is read.
//
//   app-4  asks for status 'no-show', which is no code of appointmentstatus:
//          'noshow' is. Read with 'noshow', as later versions have it.
//   tim-9  puts a list on the left of `in`, which stops every Timing with two
//          events. Read as "none of the events is C, CM, CD or CV".
//   que-12 says "more than one" in words, and more than two in its
//          expression. Read as the words.
//   bdl-8  is empty for an entry without fullUrl. Read as "if there is one".
//   ref-1  is empty for a reference by identifier alone, and forbids "#", which
//          names the container. Read as "if there is one, and not #".

//   que-7  asks for a System.Boolean where the answer is a FHIR boolean. Read
//          as the FHIR type.
//
// And official extensions that the official definitions use where their own
// contexts do not allow it.

#pragma once

#include <string_view>

namespace gateway::validate {

// The expression that is compiled for the invariant `key`.
std::string_view corrected_expression(std::string_view key,
                                      std::string_view expression);

// A further place where the extension of that URL may stand; empty if none.
std::string_view further_context(std::string_view extension_url);

}  // namespace gateway::validate
