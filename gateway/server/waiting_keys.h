// By which messages wait for one another: the orders, slots, sessions and
// charges that a message writes, and those that it refers to. A later message
// waits behind one that writes what it writes or refers to; that the earlier
// only refers to it is no reason, since what it refers to may be what it needs.
// Each number is one of its kind and of whoever gave it.
//
// They come from what a map made of a message and from the fields of the
// message itself: a code that no table knows may keep a resource out of the
// bundle, and what is about it waits all the more. Pure.

#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/json.h"
#include "parse/hl7v2.h"

namespace gateway::server {

using WaitingKeys = std::set<std::string>;

// "ServiceRequest?identifier=…" and "order EHR|R-77" of what is written, the
// same behind "of " where it is referred to.
WaitingKeys waiting_keys(const parse::Hl7v2Message& message, Json bundle);

// Those of one resource of the bundle.
void add_keys_of(Json resource, WaitingKeys& keys);

// The key of whoever writes what `key` writes or refers to.
std::string_view written_key(std::string_view key);

// Orders, slots and sessions: of each there is one of its number.
bool waits_by_number(std::string_view type);

}  // namespace gateway::server
