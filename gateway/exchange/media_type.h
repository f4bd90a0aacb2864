// Which bodies are read and written: FHIR in JSON (R4, http.html#mime-type),
// in UTF-8, and nothing else.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::exchange {

constexpr std::string_view kFhirJson = "application/fhir+json";

// A media type in lower case, without its parameters.
std::string media_type(std::string_view header);
// The value of a parameter, without quotes, in lower case; empty if absent.
std::string media_parameter(std::string_view header, std::string_view name);

// Content-Type of a resource: application/fhir+json or application/json, with
// no other charset than UTF-8 and no other fhirVersion than 4.0.
bool is_fhir_content(std::string_view content_type);
bool is_form_content(std::string_view content_type);

enum class Offer : std::uint8_t {
  json,
  edi_x12,  // the only thing wanted is X12, which has no answer yet
  none,
};

// What Accept asks for; an empty one takes anything.
Offer offer(std::string_view accept);
// What _format asks for: a media type or one of FHIR's short names. It beats
// Accept.
Offer offer_of_format(std::string_view format);

}  // namespace gateway::exchange
