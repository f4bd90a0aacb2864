// V2Arrival is one HL7 v2 message on its way: as it came over the wire, or as
// the log brings it once more.

#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "exchange/fhir_api.h"
#include "server/edition.h"
#include "server/incoming.h"
#include "server/parked_messages.h"
#include "server/parking.h"
#include "server/under_way.h"
#include "transport/mllp.h"

namespace gateway::server {

// A parked message that is tried again, and what became of it.
struct Release {
  ParkedMessage message{};
  std::shared_ptr<End> end = std::make_shared<End>();
  std::optional<Hold> hold{};  // why it goes on waiting
};

struct V2Arrival {
  transport::MllpFrame frame;
  transport::MllpResponder responder;
  SharedEdition edition;
  exchange::Caller caller;
  std::shared_ptr<UnderWay::Mark> mark;
  store::Sequence said = 0;  // as which message of the log it came first
  Purpose purpose = Purpose::commit;
  std::shared_ptr<End> end{};
  std::shared_ptr<Release> release{};

  // None for what the log brings once more: it may end otherwise now.
  [[nodiscard]] SharedEdition refuser() const {
    return end || release ? nullptr : edition;
  }
};

using SharedArrival = std::shared_ptr<const V2Arrival>;
// Takes it from the beginning.
using Again = std::function<void(const SharedArrival&)>;

}  // namespace gateway::server
