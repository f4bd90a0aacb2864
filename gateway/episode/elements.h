// Elements: how to read the FHIR datatypes that facts are made of. What is
// absent reads as empty; nothing here judges.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/decimal.h"
#include "base/json.h"
#include "base/zone.h"
#include "episode/codes.h"

namespace gateway::episode {

// The code of the first coding of that system; empty if there is none.
std::string_view code_in(Json concept_, std::string_view system);
bool has_code(Json concept_, std::string_view system, std::string_view code);
// As above, over an array of concepts.
bool any_has_code(Json concepts, std::string_view system,
                  std::string_view code);

// The program that a concept names: a local program code, or nothing.
Program program_in(Json concept_, std::string_view base);

// The extension of that URL, or absent.
Json extension(Json element, std::string_view url);
// The end of a Period that lies before its start and so is none: the value of
// the extension end-as-sent.
Json end_as_sent(Json period, std::string_view base);

// The key under which a reference's target is known: "Type/id" without a
// version for literal references (below `base` too), the text itself for
// urn: and other absolute ones. Empty where there is no literal reference.
std::string key_of(std::string_view reference, std::string_view base);
std::string reference_in(Json element, std::string_view base);
// True for "Type/id": such a reference must resolve here.
bool is_local(std::string_view key);

// The value of the first identifier of that system.
std::string_view identifier_in(Json identifiers, std::string_view system);
// "system|value" of the first identifier that has a value.
std::string business_key(Json identifiers);

// A date of the form YYYY-MM-DD or the date part of a dateTime.
// The day that it was at the facility, where an instant is written; `zone` is
// null where none is known, and the day stands as it is written then.
std::optional<LocalDate> date_in(Json element, const Zone* zone);
std::optional<Instant> instant_in(Json element);
std::optional<Decimal> decimal_in(Json element);

struct ReferenceUse {
  std::string target;  // key
  std::string path;    // FHIRPath of the element that refers
};
// Every literal local reference below `root`, but those into contained.
std::vector<ReferenceUse> references_in(Json root, std::string_view base);

}  // namespace gateway::episode
