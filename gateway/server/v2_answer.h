// What is sent back for an HL7 v2 message: the acknowledgments that MSH-15 and
// MSH-16 ask for, with an ERR for each finding. Pure.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/outcome.h"
#include "parse/acknowledgment.h"
#include "transport/mllp.h"

namespace gateway::server {

parse::Acknowledgment answered(parse::AckCode code, parse::Hl7v2Error error);
parse::Acknowledgment broken_frame(transport::MllpDefect defect);
parse::Acknowledgment unknown_sender();

// The findings of an outcome as ERR segments: warnings where it was taken.
parse::Acknowledgment of_outcome(parse::AckCode code,
                                 const fhir::Outcome& outcome);

// What such an answer says, as findings; and the rule of the gravest of them,
// the first of equals.
fhir::Outcome findings_of(const parse::Acknowledgment& answer);
std::string gravest_rule(const parse::Acknowledgment& answer);

// MSA-1 for the HTTP status that the same message would get as FHIR.
parse::AckCode code_of(int status);

// "PID[2]-5[1].2.1" as ERR-2; nothing but the empty location for other texts.
parse::Hl7v2Location location_of(std::string_view place);

// None, one, or two messages. Where MSH-16 asks for the application's answer
// to a referral that was taken, that is an RRI: RF1-1 says A, or P while it
// is held. `content`: the message, if it could be read.
std::vector<std::string> answers(const parse::Hl7v2Header& header,
                                 const parse::Acknowledgment& answer,
                                 const std::function<parse::AckStamp()>& stamp,
                                 const std::string& content = {});

// Several answers to one message lie in one text of the log.
std::string joined(const std::vector<std::string>& answers);
std::vector<std::string> parted(const std::string& text);

}  // namespace gateway::server
