// V2Parking takes HL7 v2 messages that cannot have their effect yet: they are
// kept with a Task that says for what they wait, and answered as taken.

#pragma once

#include <optional>

#include "map/map_engine.h"
#include "server/v2_ends.h"

namespace gateway::server {

class V2Parking {
 public:
  // `ends` outlives it.
  V2Parking(const Parts& parts, const V2Ends& ends)
      : parts_(parts), ends_(ends) {}

  // Why the message cannot have its effect yet; nothing if it can.
  [[nodiscard]] std::optional<Hold> hold_of(const V2Arrival& arrival,
                                            const parse::Hl7v2Message& message,
                                            const map::MapOutput& output) const;
  // Takes it, to be mapped anew later.
  void park(const SharedArrival& arrival, const parse::Hl7v2Header& header,
            const Hold& hold, const store::Stages& stages);

 private:
  // Whether it is stored under one of its numbers, and not taken back.
  [[nodiscard]] bool stands(const std::string& owner, Json resource) const;
  [[nodiscard]] bool takes_back_what_is_stored(
      const std::string& owner, const map::MapOutput& output) const;
  // Whether it takes back a session that stands, whatever else it says.
  [[nodiscard]] bool takes_back_any(const std::string& owner,
                                    const map::MapOutput& output) const;
  void keep(const SharedArrival& arrival, const parse::Hl7v2Header& header,
            const Hold& hold, const store::Stages& stages,
            const SharedLease& lease);

  const Parts& parts_;
  const V2Ends& ends_;
};

}  // namespace gateway::server
