// V2Intake takes HL7 v2 messages on their way: read, map to a FHIR
// transaction, and hand that to the pipeline, which stores it together with
// the message's own bytes and with the acknowledgment that is sent for it.
// Senders take turns.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "parse/hl7v2.h"
#include "server/pipeline.h"
#include "server/sender_turns.h"
#include "server/v2_ends.h"
#include "server/v2_parking.h"
#include "server/v2_places.h"
#include "transport/mllp.h"

namespace gateway::server {

class V2Intake {
 public:
  // Both outlive the intake.
  V2Intake(const Parts& parts, Pipeline& pipeline);
  // Waits for whatever is under way.
  ~V2Intake() { parts_.under_way.wait_for_none(); }
  V2Intake(const V2Intake&) = delete;
  V2Intake& operator=(const V2Intake&) = delete;

  // Returns at once; the answer follows when the commit is durable.
  void handle(transport::MllpFrame frame, transport::MllpResponder responder);

  // A message of the log once more. `responder` hears when it has its end,
  // which is in `end` by then.
  void replay(const store::StoredMessage& message, Purpose purpose,
              std::shared_ptr<End> end, transport::MllpResponder responder);

  // A parked message once more: it has its effect, or `release` says why not.
  void release(const store::StoredMessage& message,
               std::shared_ptr<Release> release,
               transport::MllpResponder responder);

 private:
  void enqueue(const std::string& sender, const SharedArrival& arrival);
  void take(const SharedArrival& arrival);
  // `first_number`: see parse::tree_of(); nothing until it is known whose the
  // message is.
  void map(const SharedArrival& arrival, const parse::Hl7v2Message& message,
           const parse::Hl7v2Header& header,
           std::optional<std::uint32_t> first_number = {});
  [[nodiscard]] Incoming incoming_of(
      const V2Arrival& arrival, const parse::Hl7v2Header& header,
      const std::shared_ptr<const V2Places>& places) const;
  [[nodiscard]] Original original(
      const V2Arrival& arrival, const parse::Hl7v2Header& header,
      const std::shared_ptr<const V2Places>& places) const;
  void write(const SharedArrival& arrival, const parse::Hl7v2Header& header,
             Incoming incoming);

  const Parts& parts_;
  Pipeline& pipeline_;
  SenderTurns turns_;
  V2Ends ends_;
  V2Parking parking_;
};

}  // namespace gateway::server
