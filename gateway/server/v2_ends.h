// V2Ends are the ends of HL7 v2 messages that never became FHIR: each is kept
// in the log with what is sent for it, and then answered.

#pragma once

#include <string>
#include <vector>

#include "parse/acknowledgment.h"
#include "parse/hl7v2_header.h"
#include "server/pipeline.h"
#include "server/v2_arrival.h"

namespace gateway::server {

// Holds a message's turn until its commit has ended.
using SharedLease = std::shared_ptr<Lanes::Lease>;

struct V2Ending {
  store::MessageState state = store::MessageState::rejected;
  store::Stages stages{};
  bool once = false;     // the same bytes are answered alike
  std::string bundle{};  // what the map made of it, as far as it came
};

class V2Ends {
 public:
  // `again` takes a message whose bytes came twice at once: the other one has
  // the answer.
  V2Ends(const Parts& parts, Again again)
      : parts_(parts), again_(std::move(again)) {}

  // Ends the message before it became FHIR.
  void end(const SharedArrival& arrival, const parse::Hl7v2Header& header,
           const parse::Acknowledgment& answer, const V2Ending& ending,
           const SharedLease& lease = {}) const;
  // The same, unless the control id has its answer already.
  void refuse(const SharedArrival& arrival, const parse::Hl7v2Header& header,
              const parse::Acknowledgment& answer,
              const V2Ending& ending) const;
  // Goes on in the turn of the message's name, where no other message of that
  // name is under way; unless it was answered before or contradicts an earlier
  // one, and is answered so.
  void once(const SharedArrival& arrival, const parse::Hl7v2Header& header,
            const store::Stages& stages,
            std::function<void(const SharedLease&)> go_on) const;
  // The store could not keep the message. A full disk is said; any other
  // trouble is silence, so that the sender sends again.
  void fail(const SharedArrival& arrival, const parse::Hl7v2Header& header,
            const Error& error) const;

  // For the log; without an answer yet.
  static store::Message record(const V2Arrival& arrival,
                               const parse::Hl7v2Header& header,
                               const parse::Acknowledgment& answer,
                               const V2Ending& ending);
  // As they go over the wire: none, one or two.
  [[nodiscard]] std::vector<std::string> answers_to(
      const parse::Hl7v2Header& header, const parse::Acknowledgment& answer,
      const std::string& content) const;
  // The log hears when the answer to a message was written.
  [[nodiscard]] transport::MllpResponder::Written noted(
      store::Sequence sequence) const;

 private:
  bool answered_before(const SharedArrival& arrival,
                       const parse::Hl7v2Header& header,
                       const store::Stages& stages) const;

  static void answer_again(const SharedArrival& arrival,
                           const store::Message& before);

  const Parts& parts_;
  Again again_;
};

}  // namespace gateway::server
