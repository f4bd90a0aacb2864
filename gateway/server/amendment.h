// Amendment is how an update in HL7 v2 changes what is stored: a field that is
// empty keeps what is there, one with "" deletes it (HL7 v2.5.1, 2.5.3.1). What
// the message does say replaces what is there, one element at a time.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.h"

namespace gateway::server {

struct Amendment {
  std::size_t position = 0;            // of the entry in its transaction
  std::vector<std::string> deleted{};  // elements of which nothing is kept
  // A session that is sent as new: it replaces one that was kept without times
  // that could be counted.
  bool completes = false;
};

// The period has no two instants.
bool lacks_times(Json session);

// `sent` says that a session took place under the number of `stored`, which
// took place too, but on another day: a second session, and no correction.
bool is_other_session(Json stored, Json sent);

// It takes back a session, a visit or a Task of its own, or closes one: where
// none is stored, there is nothing to do.
bool withdraws(Json resource);

// `sent` with what of `stored` it leaves as it is. In lists, items of another
// kind than those sent stay: another use, type or url, or another type of
// resource that is referred to.
std::string amended(Json stored, Json sent,
                    const std::vector<std::string>& deleted);

}  // namespace gateway::server
