// Answers to HL7 v2 messages (HL7 v2.5.1, 2.9): original and enhanced mode.
//
// Pure: control id and time are arguments. Texts are our own words and never
// the content of the message; MSA-2 is always the message's MSH-10.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "parse/hl7v2_header.h"

namespace gateway::parse {

// MSA-1 (table 0008). A?: of the application; C?: of the receiver, enhanced
// mode only.
enum class AckCode : std::uint8_t { AA, AE, AR, CA, CE, CR };
std::string_view code(AckCode code);

// ERL: counted from 1; 0 and empty where the defect lies in the whole.
struct Hl7v2Location {
  std::string segment;
  std::uint32_t sequence = 1;  // of that segment in the message
  std::uint32_t field = 0;
  std::uint32_t repetition = 0;
  std::uint32_t component = 0;
  std::uint32_t subcomponent = 0;
};

// One ERR segment.
struct Hl7v2Error {
  Hl7v2Location location;
  std::string condition = "207";  // table 0357
  char severity = 'E';            // table 0516: E, F, I, W
  std::string rule;               // our own rule id
  std::string text;               // for the user
};

struct Acknowledgment {
  AckCode code = AckCode::AA;
  std::vector<Hl7v2Error> errors;
};

struct AckStamp {
  std::string control_id;  // MSH-10 of the answer
  Instant at;
};

// An ACK with its ERR segments; for versions before 2.5 errors go into ERR-1
// and the first text into MSA-3. The sender's delimiters, version and
// processing id are repeated.
std::string acknowledgment(const Hl7v2Header& message,
                           const Acknowledgment& answer, const AckStamp& stamp);

// RRI^I12, the application's answer to a REF: MSA, and the message's own RF1
// (with `status` of table 0283 as RF1-1), AUT, PRD and PID.
std::string referral_response(const Hl7v2Message& message,
                              const Acknowledgment& answer,
                              std::string_view status, const AckStamp& stamp);

// The answer to a header with that defect: AE or AR, with its location.
Acknowledgment refusal(const std::vector<Hl7v2HeaderDefect>& defects);

// The answer to bytes that are not a message.
Acknowledgment refusal(const Error& error);

// Which answers MSH-15 and MSH-16 ask for. In original mode (both empty) one
// application answer; in enhanced mode an empty field means NE.
struct AckDemand {
  bool accept = false;
  bool application = true;
};
AckDemand demanded(const Hl7v2Header& message, AckCode application_code);
bool is_enhanced(const Hl7v2Header& message);

// AA becomes CA, AE CE, AR CR.
AckCode accept_code(AckCode application_code);

}  // namespace gateway::parse
