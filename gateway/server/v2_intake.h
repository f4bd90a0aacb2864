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

#include "map/map_engine.h"
#include "parse/acknowledgment.h"
#include "server/parked_messages.h"
#include "server/parking.h"
#include "server/pipeline.h"
#include "server/v2_places.h"
#include "transport/mllp.h"

namespace gateway::server {

// A parked message that is tried again, and what became of it.
struct Release {
  ParkedMessage message{};
  std::shared_ptr<End> end = std::make_shared<End>();
  std::optional<Hold> hold{};  // why it goes on waiting
};

class V2Intake {
 public:
  // Both outlive the intake.
  V2Intake(const Parts& parts, Pipeline& pipeline)
      : parts_(parts), pipeline_(pipeline) {}
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

  // Those that were taken but wait, of all partners.
  ParkedMessages& parked() { return parked_; }
  // A parked message once more: it has its effect, or `release` says why not.
  // REQUIRES: its partner is known.
  void release(const store::StoredMessage& message,
               std::shared_ptr<Release> release,
               transport::MllpResponder responder);

 private:
  struct Arrival;
  using SharedArrival = std::shared_ptr<const Arrival>;

  struct Ending {
    store::MessageState state = store::MessageState::rejected;
    store::Stages stages{};
    bool once = false;     // the same bytes are answered alike
    std::string bundle{};  // what the map made of it, as far as it came
  };

  void enqueue(const std::string& sender, SharedArrival arrival);
  void take_next();
  void take(const Arrival& arrival);
  void map(const Arrival& arrival, const parse::Hl7v2Message& message,
           const parse::Hl7v2Header& header);
  // Why the message cannot have its effect yet; nothing if it can.
  [[nodiscard]] std::optional<Hold> hold_of(const Arrival& arrival,
                                            const map::MapOutput& output) const;
  // Takes it, to be mapped anew later.
  void park(const Arrival& arrival, const parse::Hl7v2Header& header,
            const Hold& hold, const store::Stages& stages);
  // True if the message was answered before, or contradicts an earlier one.
  bool answered_before(const Arrival& arrival,
                       const parse::Hl7v2Header& header);
  // For the log; without an answer yet.
  static store::Message record(const Arrival& arrival,
                               const parse::Hl7v2Header& header,
                               const parse::Acknowledgment& answer,
                               const Ending& ending);
  Incoming incoming_of(const Arrival& arrival, const parse::Hl7v2Header& header,
                       const std::shared_ptr<const V2Places>& places) const;
  void write(const Arrival& arrival, Incoming incoming);
  // The log hears when the answer to a message was written.
  [[nodiscard]] transport::MllpResponder::Written noted(
      store::Sequence sequence) const;
  // Ends the message before it became FHIR: kept, then answered.
  void end(const Arrival& arrival, const parse::Hl7v2Header& header,
           const parse::Acknowledgment& answer, const Ending& ending);
  Original original(const Arrival& arrival, const parse::Hl7v2Header& header,
                    const std::shared_ptr<const V2Places>& places) const;
  // The same, unless the control id has its answer already.
  void refuse(const Arrival& arrival, const parse::Hl7v2Header& header,
              const parse::Acknowledgment& answer, const Ending& ending);
  std::vector<std::string> answers_to(const parse::Hl7v2Header& header,
                                      const parse::Acknowledgment& answer,
                                      const std::string& content) const;

  const Parts& parts_;
  Pipeline& pipeline_;
  std::mutex mutex_;
  std::map<std::string, std::deque<SharedArrival>> waiting_;  // by sender
  std::deque<std::string> turns_;  // senders with something waiting
  std::size_t working_ = 0;
  ParkedMessages parked_;
};

}  // namespace gateway::server
