// Amendment is how an update in HL7 v2 changes what is stored: a field that is
// empty keeps what is there, one with "" deletes it (HL7 v2.5.1, 2.5.3.1). What
// the message does say replaces what is there, one element at a time.

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"

namespace gateway::server {

struct Amendment {
  std::size_t position = 0;            // of the entry in its transaction
  std::vector<std::string> deleted{};  // elements of which nothing is kept
  // Of which what is stored is kept, since no field says them.
  std::vector<std::string> defaulted{};
  // A session, order or slot that is sent as new: it replaces a session that
  // was kept without times that could be counted, or was withdrawn, and
  // completes an order or slot whose cancellation came first.
  bool completes = false;
  // Its message first withdraws what is kept, and then sends it anew.
  bool is_anew = false;
};

// The period has no two instants.
bool lacks_times(Json session);

// `sent` says that a session took place under the number of `stored`, which
// took place too, but on another day: a second session, and no correction.
bool is_other_session(Json stored, Json sent);

// It takes back a session, a visit, a diagnosis or a Task of its own, or closes
// one: where none is stored, there is nothing to do.
bool withdraws(Json resource);

// An order or slot that is not to be: cancelled, or not attended.
bool is_cancelled(Json resource);

// `sent`, which is not cancelled, in the state of `stored`, which is.
std::string still_cancelled(Json stored, Json sent);

// `sent` with what of `stored` it leaves as it is. In lists, items of another
// kind than those sent stay: another use, type or url, or another type of
// resource that is referred to.
// `by`: which elements are deleted, and which are kept if they are stored.
std::string amended(Json stored, Json sent, const Amendment& by);

// `stored`, a patient, with those numbers of `sent` that may be added, and the
// version that its meta says. Empty where there are none: of what a person has
// one, the number stays.
std::string with_more_numbers(Json stored, Json sent,
                              const std::function<bool(Json)>& may_be_added);

}  // namespace gateway::server
