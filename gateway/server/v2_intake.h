// V2Intake takes HL7 v2 messages on their way: read, map to a FHIR
// transaction, and hand that to the pipeline, which stores it together with
// the message's own bytes and with the acknowledgment that is sent for it.

#pragma once

#include <string>

#include "parse/acknowledgment.h"
#include "server/pipeline.h"
#include "transport/mllp.h"

namespace gateway::server {

class V2Intake {
 public:
  // Both outlive the intake.
  V2Intake(const Parts& parts, Pipeline& pipeline)
      : parts_(parts), pipeline_(pipeline) {}

  // Returns at once; the answer follows when the commit is durable.
  void handle(transport::MllpFrame frame, transport::MllpResponder responder);

 private:
  struct Arrival;

  void take(const Arrival& arrival);
  void map(const Arrival& arrival, const parse::Hl7v2Message& message,
           const parse::Hl7v2Header& header);
  // Ends the message before it became FHIR: kept, then answered.
  void end(const Arrival& arrival, const parse::Hl7v2Header& header,
           const parse::Acknowledgment& answer, store::MessageState state);
  // True if the control id was used for other bytes before.
  Result<bool> is_contradiction(const Arrival& arrival,
                                const parse::Hl7v2Header& header) const;
  parse::AckStamp stamp() const;
  std::vector<std::string> answers(const parse::Hl7v2Header& header,
                                   const parse::Acknowledgment& answer) const;

  const Parts& parts_;
  Pipeline& pipeline_;
};

}  // namespace gateway::server
