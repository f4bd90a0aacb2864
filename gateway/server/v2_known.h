// What the log knows of a message that comes once more. HL7 v2 tells messages
// apart by MSH-3, MSH-4 and MSH-10: equal bytes get the answer that was given,
// other bytes are refused. A refusal holds as long as the edition that refused:
// another one may take the same bytes. What was refused for the sake of what is
// stored (409, 412) is judged anew when its bytes come again: what stood in its
// way may be gone. What was refused for a trouble of our own, and a frame that
// broke on the way, leave the control id free.

#pragma once

#include <string>

#include "base/result.h"
#include "parse/hl7v2_header.h"
#include "server/edition.h"
#include "server/incoming.h"
#include "store/store.h"

namespace gateway::server {

// What names a message, as a lane and as a key of the log: "control EHR|C|17".
std::string name_of(const parse::Hl7v2Header& header);
// Gives the key of its name to a message that bears its control id from now on,
// taken or refused for its own fault.
void note_name(const std::string& name, store::Message& message);

// By which a refusal of these bytes is found again.
std::string refusal_digest(const std::string& content, const Edition& edition);
// The same for a refusal by its status: one that is found by nothing where it
// rests on what is stored, and none where it leaves the id free. `unique`: a
// text that no other refusal has.
std::string refusal_digest(const exchange::Refusal& refusal,
                           const std::string& content, const Edition& edition,
                           const std::string& unique);

struct Seen {
  const std::string& partner;
  const std::string& content;
  const parse::Hl7v2Header& header;
  const Edition* edition;  // null: try again, whatever became of it before
};

// REQUIRES: no message of these bytes was taken.
Result<Objection> objection_to(const Seen& seen, store::Store& store);

}  // namespace gateway::server
