// V2Intake takes HL7 v2 messages on their way: read, map to a FHIR
// transaction, and hand that to the pipeline, which stores it together with
// the message's own bytes and with the acknowledgment that is sent for it.
// Senders take turns: however much one of them sends, another one waits for
// no more than what is being done.

#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

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

  // A message of the log once more. `responder` hears when it has its end,
  // which is in `end` by then.
  void replay(const store::StoredMessage& message, Purpose purpose,
              std::shared_ptr<End> end, transport::MllpResponder responder);

 private:
  struct Arrival;
  using SharedArrival = std::shared_ptr<const Arrival>;

  void enqueue(const std::string& sender, SharedArrival arrival);
  void take_next();
  void take(const Arrival& arrival);
  void map(const Arrival& arrival, const parse::Hl7v2Message& message,
           const parse::Hl7v2Header& header);
  // Ends the message before it became FHIR: kept, then answered.
  struct Ending {
    store::MessageState state = store::MessageState::rejected;
    store::Stages stages{};
  };
  void end(const Arrival& arrival, const parse::Hl7v2Header& header,
           const parse::Acknowledgment& answer, const Ending& ending);
  Original original(const Arrival& arrival,
                    const parse::Hl7v2Header& header) const;
  // 409 if the control id was used for other bytes before.
  Result<std::optional<exchange::Refusal>> contradiction(
      const std::string& partner, const std::string& content,
      const parse::Hl7v2Header& header) const;
  std::vector<std::string> answers_to(const parse::Hl7v2Header& header,
                                      const parse::Acknowledgment& answer,
                                      const std::string& content) const;

  const Parts& parts_;
  Pipeline& pipeline_;
  std::mutex mutex_;
  std::map<std::string, std::deque<SharedArrival>> waiting_;  // by sender
  std::deque<std::string> turns_;  // senders with something waiting
  std::size_t working_ = 0;
};

}  // namespace gateway::server
