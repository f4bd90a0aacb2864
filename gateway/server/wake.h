// Wake decides one case again because time passed: as a message does, in the
// case's lane and with one commit, but without a message of a partner. The log
// keeps it under the channel "timer".

#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "server/decision.h"
#include "server/pipeline.h"
#include "server/waking.h"

namespace gateway::server {

class Wake : public std::enable_shared_from_this<Wake> {
 public:
  // Called once, from any thread, when what changed is durable.
  using Ended = std::function<void(Status)>;

  Wake(const Parts& parts, Waking::Due due, Ended ended)
      : parts_(parts),
        mark_(parts.under_way),
        due_(std::move(due)),
        ended_(std::move(ended)) {}

  void begin();

 private:
  void decide();
  void commit(Decision decision);
  void refuse(const fhir::Outcome& unfit);
  void end(Status status);

  const Parts& parts_;
  UnderWay::Mark mark_;
  Waking::Due due_;
  Ended ended_;
  Moment moment_;
  Lanes::Lease lane_;
};

}  // namespace gateway::server
