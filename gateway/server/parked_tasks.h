// ParkedTasks writes the Tasks of parked messages: the first version together
// with the message, a later one where other things stand in its way by now, the
// last one together with what the message did in the end.

#pragma once

#include <string>

#include "server/parked_messages.h"
#include "server/parking.h"
#include "server/pipeline.h"

namespace gateway::server {

// Of all messages that a partner's Tasks ever stood for, as dependents.
inline constexpr const char* kParkedKey = "Parked/messages";

// Makes the commit that keeps `message` and its Task, whose id is given.
fhir::ResourceId add_task(const Parts& parts, const Parked& parked,
                          const Hold& hold, store::Commit& commit);

// Completes the Task in the commit of what the message did. An Error: the Task
// was closed by somebody else, or cannot be read.
Status complete_task(const Parts& parts, const ParkedMessage& message,
                     store::Commit& commit);

// What became of the Task of a message that goes on waiting.
enum class TaskState : std::uint8_t { open, closed };
Result<TaskState> task_state(const Parts& parts, const ParkedMessage& message);
// Says in the Task what stands in the way now, where it says something else;
// returns when that is durable.
Result<TaskState> renew_task(const Parts& parts, const ParkedMessage& message,
                             const Parked& parked, const Hold& hold);

// Gives the Task to the site's lead where nobody took it up in time, as other
// Tasks; returns when that is durable.
Status escalate_task(const Parts& parts, const ParkedMessage& message,
                     const program::Programs& programs);

// What waited when the last process ended, in order of arrival.
Result<std::vector<ParkedMessage>> parked_before(const Parts& parts,
                                                 const std::string& partner);

}  // namespace gateway::server
